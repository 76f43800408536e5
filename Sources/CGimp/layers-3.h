/* GIMP 3: drawables, layers and the filters over them, as host-3.h has images and items. */
#pragma once

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

static inline GeglBuffer *
host_drawable_get_buffer (gint32 id)
{
  GimpDrawable *drawable = host_drawable (id);
  return drawable ? gimp_drawable_get_buffer (drawable) : NULL;
}

static inline GeglBuffer *
host_drawable_get_shadow_buffer (gint32 id)
{
  GimpDrawable *drawable = host_drawable (id);
  return drawable ? gimp_drawable_get_shadow_buffer (drawable) : NULL;
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
host_layer_get_mask (gint32 id)
{
  GimpLayer *layer = host_layer (id);
  return layer ? host_item_id (gimp_layer_get_mask (layer)) : -1;
}

static inline gboolean
host_layer_get_apply_mask (gint32 id)
{
  GimpLayer *layer = host_layer (id);
  return layer && gimp_layer_get_apply_mask (layer);
}

static inline void
host_layer_set_apply_mask (gint32 id, gboolean apply)
{
  GimpLayer *layer = host_layer (id);
  if (layer) gimp_layer_set_apply_mask (layer, apply);
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

static inline void
host_layer_set_composite_space (gint32 id, GimpLayerColorSpace space)
{
  GimpLayer *layer = host_layer (id);
  if (layer) gimp_layer_set_composite_space (layer, space);
}

static inline void
host_layer_set_mode (gint32 id, GimpLayerMode mode)
{
  GimpLayer *layer = host_layer (id);
  if (layer) gimp_layer_set_mode (layer, mode);
}

static inline void
host_layer_set_opacity (gint32 id, gdouble opacity)
{
  GimpLayer *layer = host_layer (id);
  if (layer) gimp_layer_set_opacity (layer, opacity);
}

static inline GimpLayerMode
host_layer_get_mode (gint32 id)
{
  GimpLayer *layer = host_layer (id);
  return layer ? gimp_layer_get_mode (layer) : GIMP_LAYER_MODE_NORMAL;
}

static inline gdouble
host_layer_get_opacity (gint32 id)
{
  GimpLayer *layer = host_layer (id);
  return layer ? gimp_layer_get_opacity (layer) : 100;
}

/* Mixes `id` with what is below it as `model` is mixed. */
static inline void
host_layer_copy_blending (gint32 id, gint32 model)
{
  GimpLayer *layer = host_layer (id), *other = host_layer (model);
  if (! layer || ! other) return;
  gimp_layer_set_mode (layer, gimp_layer_get_mode (other));
  gimp_layer_set_blend_space (layer, gimp_layer_get_blend_space (other));
  gimp_layer_set_composite_space (layer, gimp_layer_get_composite_space (other));
  gimp_layer_set_composite_mode (layer, gimp_layer_get_composite_mode (other));
  gimp_layer_set_opacity (layer, gimp_layer_get_opacity (other));
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
