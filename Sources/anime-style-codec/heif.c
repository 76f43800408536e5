#include "formats.h"
#include "profile.h"

#include <libheif/heif.h>
#include <string.h>

static void check(struct heif_error error) {
    switch (error.code) {
    case heif_error_Ok: return;
    case heif_error_Unsupported_feature:
    case heif_error_Unsupported_filetype:
    case heif_error_Plugin_loading_error: fail(codec_unsupported, "HEIF");
    case heif_error_Memory_allocation_error: fail(codec_no_memory, NULL);
    default: fail(codec_damaged, error.message);
    }
}

static void take_colour(struct heif_image_handle *handle, picture *p) {
    const size_t size = heif_image_handle_get_raw_color_profile_size(handle);
    if (size > 0 && size <= CODEC_LARGEST_PROFILE) {
        uint8_t *bytes = need_memory(size, 1);
        if (heif_image_handle_get_raw_color_profile(handle, bytes).code == heif_error_Ok) {
            picture_set_profile(p, bytes, size);
        }
        return;
    }
    struct heif_color_profile_nclx *nclx = NULL;
    if (heif_image_handle_get_nclx_color_profile(handle, &nclx).code == heif_error_Ok && nclx != NULL) {
        profile_set_cicp(p, nclx->color_primaries, nclx->transfer_characteristics);
        heif_nclx_color_profile_free(nclx);
    }
}

// Ten or twelve bits of a sample fill sixteen.
static void widen(const uint8_t *row, uint16_t *to, size_t count, int bits) {
    const uint32_t most = (1u << bits) - 1;
    for (size_t i = 0; i < count; i++) {
        const uint32_t value = (uint32_t)row[2 * i] | (uint32_t)row[2 * i + 1] << 8;
        to[i] = (uint16_t)(((value > most ? most : value) * 65535u + most / 2) / most);
    }
}

void heif_decode(source_file file, picture *p) {
    struct heif_context *context = heif_context_alloc();
    struct heif_image_handle *handle = NULL;
    struct heif_image *image = NULL;
    int stride = 0;
    if (context == NULL) {
        fail(codec_no_memory, NULL);
    }
    check(heif_context_read_from_memory_without_copy(context, file.bytes, file.size, NULL));
    check(heif_context_get_primary_image_handle(context, &handle));
    const int width = heif_image_handle_get_width(handle), height = heif_image_handle_get_height(handle);
    const bool alpha = heif_image_handle_has_alpha_channel(handle) != 0,
               deep = heif_image_handle_get_luma_bits_per_pixel(handle) > 8;
    if (width < 1 || height < 1) {
        fail(codec_damaged, NULL);
    }
    picture_begin(p, (uint64_t)width, (uint64_t)height, 3, alpha, deep ? 2 : 1, 24);
    take_colour(handle, p);
    check(heif_decode_image(handle, &image, heif_colorspace_RGB,
                            deep ? (alpha ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBB_LE)
                                 : (alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB),
                            NULL));
    const uint8_t *pixels = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    if (pixels == NULL || heif_image_get_width(image, heif_channel_interleaved) != width
        || heif_image_get_height(image, heif_channel_interleaved) != height) {
        fail(codec_damaged, NULL);
    }
    const int bits = heif_image_get_bits_per_pixel_range(image, heif_channel_interleaved);
    const size_t count = (size_t)width * picture_channels(p);
    uint16_t *row = need_memory(count, sizeof *row);
    for (int y = 0; y < height; y++) {
        const uint8_t *from = pixels + (size_t)y * (size_t)stride;
        if (deep) {
            widen(from, row, count, bits < 9 || bits > 16 ? 16 : bits);
        }
        picture_put(p, 0, (uint32_t)y, (uint32_t)width, deep ? (const void *)row : from, 0, picture_channels(p));
    }
}
