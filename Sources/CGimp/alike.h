/* Calls that both GIMPs have under one name, 2.10 about a number and 3 about an object. Each line makes one function of
 * that name, with host_ in place of gimp_, about a number in both. A question's last word is the answer when there is
 * no such thing any more; -1 where it asks for an item. */
#pragma once

HOST_ASK (GimpPrecision, image, image_get_precision, GIMP_PRECISION_U8_NON_LINEAR)
HOST_ASK (GimpLayerMode, image, image_get_default_new_layer_mode, GIMP_LAYER_MODE_NORMAL)
HOST_ASK (GimpColorProfile *, image, image_get_color_profile, NULL)
HOST_ASK (GimpColorProfile *, image, image_get_effective_color_profile, NULL)
HOST_ASK_ITEM (image, image_get_floating_sel)
HOST_ASK_ITEM (image, image_get_selection)
HOST_SET (GimpColorProfile *, image, image_set_color_profile)
HOST_TELL (image, image_delete)
HOST_TELL (image, image_undo_disable)
HOST_TELL (image, image_undo_group_start)
HOST_TELL (image, image_undo_group_end)

HOST_ASK (gboolean, item, item_is_group, FALSE)
HOST_ASK (gboolean, item, item_get_lock_content, FALSE)
HOST_ASK (gchar *, item, item_get_name, NULL)
HOST_ASK (guint, item, item_get_tattoo, 0)
HOST_ASK_ITEM (item, item_get_parent)
HOST_SET (const gchar *, item, item_set_name)
HOST_SET (gboolean, item, item_set_visible)
HOST_TELL (item, item_delete)

HOST_ASK (GeglBuffer *, drawable, drawable_get_buffer, NULL)
HOST_ASK (GeglBuffer *, drawable, drawable_get_shadow_buffer, NULL)

HOST_ASK_ITEM (layer, layer_get_mask)
HOST_ASK (gboolean, layer, layer_get_apply_mask, FALSE)
HOST_ASK (gdouble, layer, layer_get_opacity, 100)
HOST_ASK (GimpLayerMode, layer, layer_get_mode, GIMP_LAYER_MODE_NORMAL)
HOST_ASK (GimpLayerColorSpace, layer, layer_get_blend_space, GIMP_LAYER_COLOR_SPACE_AUTO)
HOST_ASK (GimpLayerColorSpace, layer, layer_get_composite_space, GIMP_LAYER_COLOR_SPACE_AUTO)
HOST_ASK (GimpLayerCompositeMode, layer, layer_get_composite_mode, GIMP_LAYER_COMPOSITE_AUTO)
HOST_SET (gboolean, layer, layer_set_apply_mask)
HOST_SET (gdouble, layer, layer_set_opacity)
HOST_SET (GimpLayerMode, layer, layer_set_mode)
HOST_SET (GimpLayerColorSpace, layer, layer_set_blend_space)
HOST_SET (GimpLayerColorSpace, layer, layer_set_composite_space)
HOST_SET (GimpLayerCompositeMode, layer, layer_set_composite_mode)

#undef HOST_ASK
#undef HOST_ASK_ITEM
#undef HOST_TELL
#undef HOST_SET

/* Mixes `id` with what is below it as `model` is mixed; nothing changes when that is gone. */
static inline void
host_layer_copy_blending (gint32 id, gint32 model)
{
  if (! host_item_is_layer (model)) return;
  host_layer_set_mode (id, host_layer_get_mode (model));
  host_layer_set_blend_space (id, host_layer_get_blend_space (model));
  host_layer_set_composite_space (id, host_layer_get_composite_space (model));
  host_layer_set_composite_mode (id, host_layer_get_composite_mode (model));
  host_layer_set_opacity (id, host_layer_get_opacity (model));
}
