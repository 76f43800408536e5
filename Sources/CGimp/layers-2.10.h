/* GIMP 2.10: layers. */
#pragma once

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
host_layer_get_mask (gint32 id)
{
  return gimp_layer_get_mask (id);
}

static inline gboolean
host_layer_get_apply_mask (gint32 id)
{
  return gimp_layer_get_apply_mask (id);
}

static inline void
host_layer_set_apply_mask (gint32 id, gboolean apply)
{
  gimp_layer_set_apply_mask (id, apply);
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

static inline void
host_layer_set_composite_space (gint32 id, GimpLayerColorSpace space)
{
  gimp_layer_set_composite_space (id, space);
}

static inline void
host_layer_set_mode (gint32 id, GimpLayerMode mode)
{
  gimp_layer_set_mode (id, mode);
}

static inline void
host_layer_set_opacity (gint32 id, gdouble opacity)
{
  gimp_layer_set_opacity (id, opacity);
}

static inline GimpLayerMode
host_layer_get_mode (gint32 id)
{
  return gimp_layer_get_mode (id);
}

static inline gdouble
host_layer_get_opacity (gint32 id)
{
  return gimp_layer_get_opacity (id);
}

/* Mixes `id` with what is below it as `model` is mixed. */
static inline void
host_layer_copy_blending (gint32 id, gint32 model)
{
  gimp_layer_set_mode (id, gimp_layer_get_mode (model));
  gimp_layer_set_blend_space (id, gimp_layer_get_blend_space (model));
  gimp_layer_set_composite_space (id, gimp_layer_get_composite_space (model));
  gimp_layer_set_composite_mode (id, gimp_layer_get_composite_mode (model));
  gimp_layer_set_opacity (id, gimp_layer_get_opacity (model));
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
