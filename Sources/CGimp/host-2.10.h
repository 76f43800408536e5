/* GIMP 2.10: its library speaks of images and items by number itself. */
#pragma once

/* Images */

static inline gboolean
host_image_is_valid (gint32 id)
{
  return gimp_image_is_valid (id);
}

static inline GimpImageBaseType
host_image_base_type (gint32 id)
{
  return gimp_image_base_type (id);
}

static inline GimpPrecision
host_image_get_precision (gint32 id)
{
  return gimp_image_get_precision (id);
}

static inline gint32
host_image_get_floating_sel (gint32 id)
{
  return gimp_image_get_floating_sel (id);
}

static inline gint32
host_image_get_selection (gint32 id)
{
  return gimp_image_get_selection (id);
}

static inline gboolean
host_selection_is_empty (gint32 id)
{
  return gimp_selection_is_empty (id);
}

static inline gint
host_image_get_item_position (gint32 id, gint32 item)
{
  return gimp_image_get_item_position (id, item);
}

static inline GimpLayerMode
host_image_get_default_new_layer_mode (gint32 id)
{
  return gimp_image_get_default_new_layer_mode (id);
}

static inline gboolean
host_image_insert_layer (gint32 id, gint32 layer, gint32 parent, gint position)
{
  return gimp_image_insert_layer (id, layer, parent, position);
}

static inline gint32
host_image_new_with_precision (gint width, gint height, GimpImageBaseType type, GimpPrecision precision)
{
  return gimp_image_new_with_precision (width, height, type, precision);
}

static inline void
host_image_delete (gint32 id)
{
  gimp_image_delete (id);
}

static inline void
host_image_undo_disable (gint32 id)
{
  gimp_image_undo_disable (id);
}

static inline void
host_image_undo_group_start (gint32 id)
{
  gimp_image_undo_group_start (id);
}

static inline void
host_image_undo_group_end (gint32 id)
{
  gimp_image_undo_group_end (id);
}

static inline GimpColorProfile *
host_image_get_color_profile (gint32 id)
{
  return gimp_image_get_color_profile (id);
}

static inline GimpColorProfile *
host_image_get_effective_color_profile (gint32 id)
{
  return gimp_image_get_effective_color_profile (id);
}

static inline void
host_image_set_color_profile (gint32 id, GimpColorProfile *profile)
{
  gimp_image_set_color_profile (id, profile);
}

/* Items */

static inline gboolean
host_item_is_valid (gint32 id)
{
  return gimp_item_is_valid (id);
}

static inline gint32
host_item_get_image (gint32 id)
{
  return gimp_item_get_image (id);
}

static inline gboolean
host_item_is_layer (gint32 id)
{
  return gimp_item_is_layer (id);
}

static inline gboolean
host_item_is_group (gint32 id)
{
  return gimp_item_is_group (id);
}

static inline gboolean
host_item_get_lock_content (gint32 id)
{
  return gimp_item_get_lock_content (id);
}

static inline gint32
host_item_get_parent (gint32 id)
{
  return gimp_item_get_parent (id);
}

static inline void
host_item_delete (gint32 id)
{
  gimp_item_delete (id);
}

static inline void
host_item_set_name (gint32 id, const gchar *name)
{
  gimp_item_set_name (id, name);
}

static inline gchar *
host_item_get_name (gint32 id)
{
  return gimp_item_get_name (id);
}

static inline void
host_item_set_visible (gint32 id, gboolean visible)
{
  gimp_item_set_visible (id, visible);
}

static inline guint
host_item_get_tattoo (gint32 id)
{
  return gimp_item_get_tattoo (id);
}

/* -1 when no layer has it. */
static inline gint32
host_image_get_layer_by_tattoo (gint32 id, guint tattoo)
{
  return gimp_image_get_layer_by_tattoo (id, tattoo);
}

/* A note that is saved with the item and copied with it. */
static inline void
host_item_attach_note (gint32 id, const gchar *name, const gchar *text)
{
  GimpParasite *note = gimp_parasite_new (name, GIMP_PARASITE_PERSISTENT, strlen (text), text);
  gimp_item_attach_parasite (id, note);
  gimp_parasite_free (note);
}

/* To be freed with g_free; NULL when there is none. */
static inline gchar *
host_item_get_note (gint32 id, const gchar *name)
{
  GimpParasite *note = gimp_item_get_parasite (id, name);
  gchar *text = note ? g_strndup (gimp_parasite_data (note), gimp_parasite_data_size (note)) : NULL;
  if (note) gimp_parasite_free (note);
  return text;
}

/* Drawables */

static inline gint
host_drawable_width (gint32 id)
{
  return gimp_drawable_width (id);
}

static inline gint
host_drawable_height (gint32 id)
{
  return gimp_drawable_height (id);
}

static inline void
host_drawable_offsets (gint32 id, gint *x, gint *y)
{
  gimp_drawable_offsets (id, x, y);
}

static inline gboolean
host_drawable_mask_intersect (gint32 id, gint *x, gint *y, gint *width, gint *height)
{
  return gimp_drawable_mask_intersect (id, x, y, width, height);
}

static inline GeglBuffer *
host_drawable_get_buffer (gint32 id)
{
  return gimp_drawable_get_buffer (id);
}

static inline GeglBuffer *
host_drawable_get_shadow_buffer (gint32 id)
{
  return gimp_drawable_get_shadow_buffer (id);
}

static inline gboolean
host_drawable_merge_shadow (gint32 id, gboolean undo)
{
  return gimp_drawable_merge_shadow (id, undo);
}

static inline void
host_drawable_update (gint32 id, gint x, gint y, gint width, gint height)
{
  gimp_drawable_update (id, x, y, width, height);
}

/* Windows */

static inline void
host_ui_init (const gchar *name)
{
  gimp_ui_init (name, FALSE);
}

/* Keeps `window` above GIMP's. */
static inline void
host_window_set_transient (GtkWindow *window)
{
  gimp_window_set_transient (window);
}

/* What a button that puts usual values back is made of. */
static inline const gchar *
host_reset_button (void)
{
  return GIMP_STOCK_RESET;
}

/* A box that asks for a line of text; `release` is called with `data` when the box is gone. */
static inline GtkWidget *
host_query_string (const gchar *title, GtkWidget *parent, const gchar *message, GimpQueryStringCallback callback,
                   gpointer data, GDestroyNotify release)
{
  GtkWidget *box = gimp_query_string_box (title, parent, NULL, NULL, message, "", NULL, NULL, callback, data);

  g_object_set_data_full (G_OBJECT (box), "host-data", data, release);
  return box;
}
