/* GIMP 3: its library speaks of images and items as objects. They belong to it and may go with any call that deletes
 * one, so none is kept here for longer than a call. About NULL the library prints a warning, so it is never asked. */
#pragma once

static inline GimpImage *
host_image (gint32 id)
{
  return id < 0 ? NULL : gimp_image_get_by_id (id);
}

static inline GimpItem *
host_item (gint32 id)
{
  return id < 0 ? NULL : gimp_item_get_by_id (id);
}

static inline GimpDrawable *
host_drawable (gint32 id)
{
  GimpItem *item = host_item (id);
  return GIMP_IS_DRAWABLE (item) ? GIMP_DRAWABLE (item) : NULL;
}

static inline GimpLayer *
host_layer (gint32 id)
{
  GimpItem *item = host_item (id);
  return GIMP_IS_LAYER (item) ? GIMP_LAYER (item) : NULL;
}

static inline gint32
host_item_id (gpointer item)
{
  return item ? gimp_item_get_id (GIMP_ITEM (item)) : -1;
}

/* Images */

static inline gboolean
host_image_is_valid (gint32 id)
{
  return gimp_image_id_is_valid (id);
}

static inline GimpImageBaseType
host_image_base_type (gint32 id)
{
  GimpImage *image = host_image (id);
  return image ? gimp_image_get_base_type (image) : GIMP_RGB;
}

static inline GimpPrecision
host_image_get_precision (gint32 id)
{
  GimpImage *image = host_image (id);
  return image ? gimp_image_get_precision (image) : GIMP_PRECISION_U8_NON_LINEAR;
}

static inline gint32
host_image_get_floating_sel (gint32 id)
{
  GimpImage *image = host_image (id);
  return image ? host_item_id (gimp_image_get_floating_sel (image)) : -1;
}

static inline gint32
host_image_get_selection (gint32 id)
{
  GimpImage *image = host_image (id);
  return image ? host_item_id (gimp_image_get_selection (image)) : -1;
}

static inline gboolean
host_selection_is_empty (gint32 id)
{
  GimpImage *image = host_image (id);
  return image == NULL || gimp_selection_is_empty (image);
}

static inline gint
host_image_get_item_position (gint32 id, gint32 item)
{
  GimpImage *image = host_image (id);
  GimpItem *child = host_item (item);
  return image && child ? gimp_image_get_item_position (image, child) : -1;
}

static inline GimpLayerMode
host_image_get_default_new_layer_mode (gint32 id)
{
  GimpImage *image = host_image (id);
  return image ? gimp_image_get_default_new_layer_mode (image) : GIMP_LAYER_MODE_NORMAL;
}

static inline gboolean
host_image_insert_layer (gint32 id, gint32 layer, gint32 parent, gint position)
{
  GimpImage *image = host_image (id);
  GimpLayer *child = host_layer (layer);
  return image && child && gimp_image_insert_layer (image, child, host_layer (parent), position);
}

static inline gint32
host_image_new_with_precision (gint width, gint height, GimpImageBaseType type, GimpPrecision precision)
{
  GimpImage *image = gimp_image_new_with_precision (width, height, type, precision);
  return image ? gimp_image_get_id (image) : -1;
}

static inline void
host_image_delete (gint32 id)
{
  GimpImage *image = host_image (id);
  if (image) gimp_image_delete (image);
}

static inline void
host_image_undo_disable (gint32 id)
{
  GimpImage *image = host_image (id);
  if (image) gimp_image_undo_disable (image);
}

static inline void
host_image_undo_group_start (gint32 id)
{
  GimpImage *image = host_image (id);
  if (image) gimp_image_undo_group_start (image);
}

static inline void
host_image_undo_group_end (gint32 id)
{
  GimpImage *image = host_image (id);
  if (image) gimp_image_undo_group_end (image);
}

static inline GimpColorProfile *
host_image_get_color_profile (gint32 id)
{
  GimpImage *image = host_image (id);
  return image ? gimp_image_get_color_profile (image) : NULL;
}

static inline GimpColorProfile *
host_image_get_effective_color_profile (gint32 id)
{
  GimpImage *image = host_image (id);
  return image ? gimp_image_get_effective_color_profile (image) : NULL;
}

static inline void
host_image_set_color_profile (gint32 id, GimpColorProfile *profile)
{
  GimpImage *image = host_image (id);
  if (image) gimp_image_set_color_profile (image, profile);
}

/* Items */

static inline gboolean
host_item_is_valid (gint32 id)
{
  return gimp_item_id_is_valid (id);
}

static inline gint32
host_item_get_image (gint32 id)
{
  GimpItem *item = host_item (id);
  GimpImage *image = item ? gimp_item_get_image (item) : NULL;
  return image ? gimp_image_get_id (image) : -1;
}

static inline gboolean
host_item_is_layer (gint32 id)
{
  return gimp_item_id_is_layer (id);
}

static inline gboolean
host_item_is_group (gint32 id)
{
  GimpItem *item = host_item (id);
  return item && gimp_item_is_group (item);
}

static inline gboolean
host_item_get_lock_content (gint32 id)
{
  GimpItem *item = host_item (id);
  return item && gimp_item_get_lock_content (item);
}

static inline gint32
host_item_get_parent (gint32 id)
{
  GimpItem *item = host_item (id);
  return item ? host_item_id (gimp_item_get_parent (item)) : -1;
}

static inline void
host_item_delete (gint32 id)
{
  GimpItem *item = host_item (id);
  if (item) gimp_item_delete (item);
}

static inline void
host_item_set_name (gint32 id, const gchar *name)
{
  GimpItem *item = host_item (id);
  if (item) gimp_item_set_name (item, name);
}

static inline gchar *
host_item_get_name (gint32 id)
{
  GimpItem *item = host_item (id);
  return item ? gimp_item_get_name (item) : NULL;
}

static inline void
host_item_set_visible (gint32 id, gboolean visible)
{
  GimpItem *item = host_item (id);
  if (item) gimp_item_set_visible (item, visible);
}

static inline guint
host_item_get_tattoo (gint32 id)
{
  GimpItem *item = host_item (id);
  return item ? gimp_item_get_tattoo (item) : 0;
}

/* -1 when no layer has it. */
static inline gint32
host_image_get_layer_by_tattoo (gint32 id, guint tattoo)
{
  GimpImage *image = host_image (id);
  return image ? host_item_id (gimp_image_get_layer_by_tattoo (image, tattoo)) : -1;
}

/* A note that is saved with the item and copied with it. */
static inline void
host_item_attach_note (gint32 id, const gchar *name, const gchar *text)
{
  GimpItem *item = host_item (id);
  GimpParasite *note = gimp_parasite_new (name, GIMP_PARASITE_PERSISTENT, strlen (text), text);
  if (item) gimp_item_attach_parasite (item, note);
  gimp_parasite_free (note);
}

/* To be freed with g_free; NULL when there is none. */
static inline gchar *
host_item_get_note (gint32 id, const gchar *name)
{
  GimpItem *item = host_item (id);
  GimpParasite *note = item ? gimp_item_get_parasite (item, name) : NULL;
  guint32 size = 0;
  gconstpointer data = note ? gimp_parasite_get_data (note, &size) : NULL;
  gchar *text = data ? g_strndup (data, size) : NULL;
  if (note) gimp_parasite_free (note);
  return text;
}

/* Windows */

static inline void
host_ui_init (const gchar *name)
{
  gimp_ui_init (name);
}

/* Keeps `window` above GIMP's, where there is one: the library would ask Wayland for a window without a name, which
 * ends the program. */
static inline void
host_window_set_transient (GtkWindow *window)
{
  GBytes *handle = gimp_progress_get_window_handle ();
  if (handle && g_bytes_get_size (handle) > 0) gimp_window_set_transient (window);
  if (handle) g_bytes_unref (handle);
}

/* What a button that puts usual values back is made of: GIMP 3 has no stock item for it, but a translated word. */
static inline const gchar *
host_reset_button (void)
{
  return g_dgettext ("gimp30-libgimp", "_Reset");
}

/* A box that asks for a line of text; `release` is called with `data` when the box is gone. */
static inline GtkWidget *
host_query_string (const gchar *title, GtkWidget *parent, const gchar *message, GimpQueryStringCallback callback,
                   gpointer data, GDestroyNotify release)
{
  return gimp_query_string_box (title, parent, NULL, NULL, message, "", NULL, NULL, callback, data, release);
}
