#include "formats.h"

#include <jxl/decode.h>
#include <jxl/version.h>

static bool is_srgb(const JxlDecoder *decoder, const JxlPixelFormat *format) {
    JxlColorEncoding colour;
#if JPEGXL_NUMERIC_VERSION >= JPEGXL_COMPUTE_NUMERIC_VERSION(0, 9, 0)
    (void)format;
    const JxlDecoderStatus known = JxlDecoderGetColorAsEncodedProfile(decoder, JXL_COLOR_PROFILE_TARGET_DATA, &colour);
#else
    const JxlDecoderStatus known =
        JxlDecoderGetColorAsEncodedProfile(decoder, format, JXL_COLOR_PROFILE_TARGET_DATA, &colour);
#endif
    return known == JXL_DEC_SUCCESS && colour.transfer_function == JXL_TRANSFER_FUNCTION_SRGB
           && colour.white_point == JXL_WHITE_POINT_D65
           && (colour.color_space == JXL_COLOR_SPACE_GRAY
               || (colour.color_space == JXL_COLOR_SPACE_RGB && colour.primaries == JXL_PRIMARIES_SRGB));
}

static void take_profile(const JxlDecoder *decoder, const JxlPixelFormat *format, picture *p) {
    size_t size = 0;
    if (is_srgb(decoder, format)) {
        return;
    }
#if JPEGXL_NUMERIC_VERSION >= JPEGXL_COMPUTE_NUMERIC_VERSION(0, 9, 0)
    if (JxlDecoderGetICCProfileSize(decoder, JXL_COLOR_PROFILE_TARGET_DATA, &size) != JXL_DEC_SUCCESS
        || size > CODEC_LARGEST_PROFILE) {
        return;
    }
    uint8_t *bytes = need_memory(size, 1);
    const JxlDecoderStatus read = JxlDecoderGetColorAsICCProfile(decoder, JXL_COLOR_PROFILE_TARGET_DATA, bytes, size);
#else
    if (JxlDecoderGetICCProfileSize(decoder, format, JXL_COLOR_PROFILE_TARGET_DATA, &size) != JXL_DEC_SUCCESS
        || size > CODEC_LARGEST_PROFILE) {
        return;
    }
    uint8_t *bytes = need_memory(size, 1);
    const JxlDecoderStatus read =
        JxlDecoderGetColorAsICCProfile(decoder, format, JXL_COLOR_PROFILE_TARGET_DATA, bytes, size);
#endif
    if (read == JXL_DEC_SUCCESS) {
        picture_set_profile(p, bytes, size);
    }
}

void jxl_decode(source_file file, picture *p) {
    JxlDecoder *decoder = JxlDecoderCreate(NULL);
    JxlPixelFormat format = {3, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
    JxlBasicInfo info;
    if (decoder == NULL) {
        fail(codec_no_memory, NULL);
    }
    JxlDecoderSubscribeEvents(decoder, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
    JxlDecoderSetInput(decoder, file.bytes, file.size);
    JxlDecoderCloseInput(decoder);
    for (;;) {
        switch (JxlDecoderProcessInput(decoder)) {
        case JXL_DEC_BASIC_INFO:
            if (JxlDecoderGetBasicInfo(decoder, &info) != JXL_DEC_SUCCESS) {
                fail(codec_damaged, NULL);
            }
            const unsigned depth = info.exponent_bits_per_sample > 0 ? 4 : info.bits_per_sample > 8 ? 2 : 1;
            const unsigned colours = info.num_color_channels == 1 ? 1 : 3;
            // The decoder turns the picture itself, and works in floats.
            p->orientation = 1;
            picture_begin(p, info.xsize, info.ysize, colours, info.alpha_bits > 0, depth, 48);
            format.num_channels = picture_channels(p);
            format.data_type = depth == 4 ? JXL_TYPE_FLOAT : depth == 2 ? JXL_TYPE_UINT16 : JXL_TYPE_UINT8;
            break;
        case JXL_DEC_COLOR_ENCODING: take_profile(decoder, &format, p); break;
        case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
            if (p->samples == NULL
                || JxlDecoderSetImageOutBuffer(decoder, &format, p->samples, p->mapped) != JXL_DEC_SUCCESS) {
                fail(codec_damaged, NULL);
            }
            break;
        case JXL_DEC_FULL_IMAGE: return;
        case JXL_DEC_NEED_MORE_INPUT: fail(codec_cut_off, NULL);
        default: fail(codec_damaged, NULL);
        }
    }
}
