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

/* What the lines of alike.h become. */
#define HOST_ASK(type, kind, call, missing) \
  static inline type host_##call (gint32 id) \
  { \
    __auto_type object = host_##kind (id); \
    return object ? gimp_##call (object) : (missing); \
  }
#define HOST_ASK_ITEM(kind, call) \
  static inline gint32 host_##call (gint32 id) \
  { \
    __auto_type object = host_##kind (id); \
    return object ? host_item_id (gimp_##call (object)) : -1; \
  }
#define HOST_TELL(kind, call) \
  static inline void host_##call (gint32 id) \
  { \
    __auto_type object = host_##kind (id); \
    if (object) gimp_##call (object); \
  }
#define HOST_SET(type, kind, call) \
  static inline void host_##call (gint32 id, type value) \
  { \
    __auto_type object = host_##kind (id); \
    if (object) gimp_##call (object, value); \
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

/* Drawables */

static inline gint
host_drawable_width (gint32 id)
{
  GimpDrawable *drawable = host_drawable (id);
  return drawable ? gimp_drawable_get_width (drawable) : 0;
}

static inline gint
host_drawable_height (gint32 id)
{
  GimpDrawable *drawable = host_drawable (id);
  return drawable ? gimp_drawable_get_height (drawable) : 0;
}

static inline void
host_drawable_offsets (gint32 id, gint *x, gint *y)
{
  GimpDrawable *drawable = host_drawable (id);
  if (drawable) gimp_drawable_get_offsets (drawable, x, y);
}

static inline gboolean
host_drawable_mask_intersect (gint32 id, gint *x, gint *y, gint *width, gint *height)
{
  GimpDrawable *drawable = host_drawable (id);
  return drawable && gimp_drawable_mask_intersect (drawable, x, y, width, height);
}

static inline gboolean
host_drawable_merge_shadow (gint32 id, gboolean undo)
{
  GimpDrawable *drawable = host_drawable (id);
  return drawable && gimp_drawable_merge_shadow (drawable, undo);
}

static inline void
host_drawable_update (gint32 id, gint x, gint y, gint width, gint height)
{
  GimpDrawable *drawable = host_drawable (id);
  if (drawable) gimp_drawable_update (drawable, x, y, width, height);
}

/* Layers */

static inline gint32
host_layer_new (gint32 image, const gchar *name, gint width, gint height, GimpImageType type, gdouble opacity,
                GimpLayerMode mode)
{
  GimpImage *owner = host_image (image);
  return owner ? host_item_id (gimp_layer_new (owner, name, width, height, type, opacity, mode)) : -1;
}

static inline gint32
host_layer_new_from_drawable (gint32 id, gint32 image)
{
  GimpDrawable *drawable = host_drawable (id);
  GimpImage *owner = host_image (image);
  return drawable && owner ? host_item_id (gimp_layer_new_from_drawable (drawable, owner)) : -1;
}

static inline gint32
host_layer_group_new (gint32 image)
{
  GimpImage *owner = host_image (image);
  return owner ? host_item_id (gimp_group_layer_new (owner, NULL)) : -1;
}

static inline gint32
host_layer_create_mask (gint32 id, GimpAddMaskType type)
{
  GimpLayer *layer = host_layer (id);
  return layer ? host_item_id (gimp_layer_create_mask (layer, type)) : -1;
}

static inline gboolean
host_layer_add_mask (gint32 id, gint32 mask)
{
  GimpLayer *layer = host_layer (id);
  GimpItem *added = host_item (mask);
  return layer && GIMP_IS_LAYER_MASK (added) && gimp_layer_add_mask (layer, GIMP_LAYER_MASK (added));
}

static inline gboolean
host_layer_resize (gint32 id, gint width, gint height, gint x, gint y)
{
  GimpLayer *layer = host_layer (id);
  return layer && gimp_layer_resize (layer, width, height, x, y);
}

static inline void
host_layer_set_offsets (gint32 id, gint x, gint y)
{
  GimpLayer *layer = host_layer (id);
  if (layer) gimp_layer_set_offsets (layer, x, y);
}

/* Filters that lie over a layer without being merged into its pixels */

static inline gboolean
host_drawable_has_filters (gint32 id)
{
  GimpDrawable *drawable = host_drawable (id);
  GimpDrawableFilter **filters = drawable ? gimp_drawable_get_filters (drawable) : NULL;
  gboolean found = filters && filters[0];
  g_free (filters);
  return found;
}

/* Merges them into the layer; of a group it makes one layer, as a group has no pixels of its own.
 * The layer that has them merged, or -1. */
static inline gint32
host_layer_merge_filters (gint32 id)
{
  GimpLayer *layer = host_layer (id);
  if (GIMP_IS_GROUP_LAYER (layer)) return host_item_id (gimp_group_layer_merge (GIMP_GROUP_LAYER (layer)));
  return layer && gimp_drawable_merge_filters (GIMP_DRAWABLE (layer)) ? id : -1;
}

/* The space in which layers are mixed by the image's own numbers, where these are not linear light; the perceptual one
 * is of sRGB's tone curve in GIMP 3, whatever the image's profile. */
static inline GimpLayerColorSpace
host_encoded_space (void)
{
  return GIMP_LAYER_COLOR_SPACE_RGB_NON_LINEAR;
}

/* Windows */

/* GIMP's icon folder has a `hicolor` of its own, which hides the one that GTK's own icons belong to. Where the
 * desktop's theme lacks the wheel too, as Adwaita 48 does, its place would be empty. */
static inline void
host_show_wheels (void)
{
  GtkCssProvider *style;
  if (gtk_icon_theme_has_icon (gtk_icon_theme_get_default (), "process-working-symbolic")) return;
  style = gtk_css_provider_new ();
  gtk_css_provider_load_from_data (
      style,
      "spinner { -gtk-icon-source: -gtk-recolor(url(\"resource:///org/gtk/libgtk/icons/16x16/status/"
      "process-working-symbolic.symbolic.png\")); }",
      -1, NULL);
  gtk_style_context_add_provider_for_screen (
      gdk_screen_get_default (), GTK_STYLE_PROVIDER (style), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref (style);
}

static inline void
host_ui_init (const gchar *name)
{
  gimp_ui_init (name);
  host_show_wheels ();
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
