/* GIMP 2.10: its library speaks of images and items by number itself. */
#pragma once

/* What the lines of alike.h become. */
#define HOST_ASK(type, kind, call, missing) \
  static inline type host_##call (gint32 id) { return gimp_##call (id); }
#define HOST_ASK_ITEM(kind, call) \
  static inline gint32 host_##call (gint32 id) { return gimp_##call (id); }
#define HOST_TELL(kind, call) \
  static inline void host_##call (gint32 id) { gimp_##call (id); }
#define HOST_SET(type, kind, call) \
  static inline void host_##call (gint32 id, type value) { gimp_##call (id, value); }

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

/* Layers */

static inline gint32
host_layer_new (gint32 image, const gchar *name, gint width, gint height, GimpImageType type, gdouble opacity,
                GimpLayerMode mode)
{
  return gimp_layer_new (image, name, width, height, type, opacity, mode);
}

static inline gint32
host_layer_new_from_drawable (gint32 id, gint32 image)
{
  return gimp_layer_new_from_drawable (id, image);
}

static inline gint32
host_layer_group_new (gint32 image)
{
  return gimp_layer_group_new (image);
}

static inline gint32
host_layer_create_mask (gint32 id, GimpAddMaskType type)
{
  return gimp_layer_create_mask (id, type);
}

static inline gboolean
host_layer_add_mask (gint32 id, gint32 mask)
{
  return gimp_layer_add_mask (id, mask);
}

static inline gboolean
host_layer_resize (gint32 id, gint width, gint height, gint x, gint y)
{
  return gimp_layer_resize (id, width, height, x, y);
}

static inline void
host_layer_set_offsets (gint32 id, gint x, gint y)
{
  gimp_layer_set_offsets (id, x, y);
}

/* No layer of GIMP 2.10 has filters that are not merged. */

static inline gboolean
host_drawable_has_filters (gint32 id)
{
  return FALSE;
}

static inline gint32
host_layer_merge_filters (gint32 id)
{
  return id;
}

/* The space in which layers are mixed by the image's own numbers, where these are not linear light. */
static inline GimpLayerColorSpace
host_encoded_space (void)
{
  return GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL;
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
