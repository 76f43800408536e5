#include "formats.h"
#include "signs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

// More bytes than an encoder leaves at the end of its data; the decoder needs all before them. Lossless data end in the
// byte of their last bit.
#define MOST_SPARE_BYTES 16
#define MOST_SPARE_BYTES_LOSSLESS 1

static _Noreturn void refuse(VP8StatusCode status) {
    switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY: fail(codec_no_memory, NULL);
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA: fail(codec_cut_off, NULL);
    default: fail(codec_damaged, NULL);
    }
}

static void take_profile(WebPData data, picture *p) {
    WebPDemuxState state;
    WebPDemuxer *parts = WebPDemuxPartial(&data, &state);
    WebPChunkIterator chunk;
    if (parts != NULL && WebPDemuxGetChunk(parts, "ICCP", 1, &chunk)) {
        picture_set_profile(p, chunk.chunk.bytes, chunk.chunk.size);
        WebPDemuxReleaseChunkIterator(&chunk);
    }
    WebPDemuxDelete(parts);
}

static void store(picture *p, const uint8_t *pixels, size_t stride) {
    for (uint32_t y = 0; y < p->stored_height; y++) {
        picture_put(p, 0, y, p->stored_width, pixels + y * stride, 0, picture_channels(p));
    }
}

// The first frame on the animation's canvas.
static void decode_animation(WebPData data, picture *p) {
    WebPAnimDecoderOptions options;
    WebPAnimInfo info;
    uint8_t *canvas = NULL;
    int time = 0;
    if (!WebPAnimDecoderOptionsInit(&options)) {
        refuse(VP8_STATUS_INVALID_PARAM);
    }
    options.color_mode = MODE_RGBA;
    WebPDemuxer *parts = WebPDemux(&data);
    if (parts == NULL) {
        refuse(VP8_STATUS_NOT_ENOUGH_DATA);
    }
    picture_begin(p, WebPDemuxGetI(parts, WEBP_FF_CANVAS_WIDTH), WebPDemuxGetI(parts, WEBP_FF_CANVAS_HEIGHT), 3, true,
                  1, 16);
    WebPDemuxDelete(parts);
    WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
    if (decoder == NULL || !WebPAnimDecoderGetInfo(decoder, &info)
        || !WebPAnimDecoderGetNext(decoder, &canvas, &time)) {
        refuse(VP8_STATUS_BITSTREAM_ERROR);
    }
    store(p, canvas, (size_t)info.canvas_width * 4);
    WebPAnimDecoderDelete(decoder);
}

static void decode_still(source_file file, picture *p, const WebPBitstreamFeatures *features) {
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) {
        refuse(VP8_STATUS_INVALID_PARAM);
    }
    const bool lossless = features->format == 2, turned = p->orientation > 1;
    picture_begin(p, (uint64_t)features->width, (uint64_t)features->height, 3, features->has_alpha != 0, 1,
                  (lossless ? 8 : 1) + (turned ? 4 : 0));
    const size_t stride = picture_row_bytes(p), size = stride * p->stored_height;
    uint8_t *held = turned ? need_memory(size, 1) : NULL;
    config.output.colorspace = p->report.alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = turned ? held : picture_row(p, 0);
    config.output.u.RGBA.stride = (int)stride;
    config.output.u.RGBA.size = size;
    const VP8StatusCode status = WebPDecode(file.bytes, file.size, &config);
    if (status != VP8_STATUS_OK) {
        refuse(status);
    }
    if (turned) {
        store(p, held, stride);
    }
}

// MARK: - Damage

// The data of the first frame's colours in the chunks that hold it (RFC 9649, 2.3 to 2.7).
static WebPData find_colours(WebPData chunks, size_t *most_spare) {
    while (chunks.size >= 8) {
        const uint8_t *b = chunks.bytes;
        const size_t size = (size_t)b[4] | (size_t)b[5] << 8 | (size_t)b[6] << 16 | (size_t)b[7] << 24;
        const size_t whole = 8 + size + size % 2;
        const bool lossless = memcmp(b, "VP8L", 4) == 0;
        if (lossless || memcmp(b, "VP8 ", 4) == 0) {
            *most_spare = lossless ? MOST_SPARE_BYTES_LOSSLESS : MOST_SPARE_BYTES;
            return (WebPData){b + 8, size < chunks.size - 8 ? size : chunks.size - 8};
        }
        if (whole > chunks.size) {
            break;
        }
        chunks = (WebPData){b + whole, chunks.size - whole};
    }
    return (WebPData){NULL, 0};
}

// There are no sums in the data, and whatever they say is drawn; but damaged ones are used up too early or too late.
// Too late is the decoder's error, too early shows when it can do without the last of them.
const char *webp_damage(const uint8_t *bytes, size_t size) {
    const WebPData data = {bytes, size};
    WebPDecoderConfig config;
    WebPIterator frame;
    WebPDemuxer *parts = WebPDemux(&data);
    if (parts == NULL || !WebPInitDecoderConfig(&config) || !WebPDemuxGetFrame(parts, 1, &frame)) {
        WebPDemuxDelete(parts);
        return NULL;
    }
    size_t spare = 0;
    const WebPData colours = find_colours(frame.fragment, &spare);
    VP8StatusCode status = VP8_STATUS_NOT_ENOUGH_DATA;
    if (colours.size > spare) {
        // Of the pixels, as little as can be had.
        config.options.bypass_filtering = config.options.no_fancy_upsampling = config.options.use_scaling = 1;
        config.options.scaled_width = config.options.scaled_height = 1;
        status = WebPDecode(colours.bytes, colours.size - spare, &config);
        WebPFreeDecBuffer(&config.output);
    }
    WebPDemuxReleaseIterator(&frame);
    WebPDemuxDelete(parts);
    return status == VP8_STATUS_OK ? "the picture ends before its data" : NULL;
}

void webp_decode(source_file file, picture *p) {
    WebPBitstreamFeatures features;
    const WebPData data = {file.bytes, file.size};
    const VP8StatusCode status = WebPGetFeatures(file.bytes, file.size, &features);
    if (status != VP8_STATUS_OK) {
        refuse(status);
    }
    // The decoder takes a file whose last chunks are missing for a whole one.
    const uint8_t *b = file.bytes;
    const uint64_t announced = 8 + ((uint64_t)b[4] | (uint64_t)b[5] << 8 | (uint64_t)b[6] << 16 | (uint64_t)b[7] << 24);
    if (announced > file.size) {
        fail(codec_cut_off, NULL);
    }
    take_profile(data, p);
    if (features.has_animation) {
        decode_animation(data, p);
    } else {
        decode_still(file, p, &features);
    }
    const char *damage = webp_damage(file.bytes, file.size);
    if (damage != NULL) {
        picture_warn(p, codec_warning_damaged, damage);
    }
}

// MARK: - Encoding

static void import_rows(drawing *d, WebPPicture *picture) {
    const unsigned channels = d->order.alpha ? 4 : 3;
    for (uint32_t y = 0; y < d->order.height; y++) {
        const uint8_t *row = drawing_next_row(d);
        uint32_t *to = picture->argb + (size_t)y * (size_t)picture->argb_stride;
        for (uint32_t x = 0; x < d->order.width; x++, row += channels) {
            to[x] = (uint32_t)(channels == 4 ? row[3] : 255) << 24 | (uint32_t)row[0] << 16 | (uint32_t)row[1] << 8
                    | row[2];
        }
    }
}

static void set_chunk(WebPMux *mux, const char name[4], const uint8_t *bytes, size_t size) {
    const WebPData data = {bytes, size};
    if (size > 0 && WebPMuxSetChunk(mux, name, &data, 0) != WEBP_MUX_OK) {
        fail(codec_unwritable, NULL);
    }
}

static void write_all(const uint8_t *bytes, size_t size) {
    while (size > 0) {
        const ssize_t count = write(CODEC_FILE, bytes, size);
        if (count <= 0) {
            fail(codec_unwritable, NULL);
        }
        bytes += count;
        size -= (size_t)count;
    }
}

void webp_encode(drawing *d) {
    WebPConfig config;
    WebPPicture picture;
    WebPMemoryWriter writer;
    if (d->order.width > WEBP_MAX_DIMENSION || d->order.height > WEBP_MAX_DIMENSION) {
        fail(codec_unwritable, "a WebP picture has at most 16383 pixels a side");
    }
    if (!WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, 95) || !WebPPictureInit(&picture)) {
        fail(codec_unwritable, NULL);
    }
    picture.use_argb = 1;
    picture.width = (int)d->order.width;
    picture.height = (int)d->order.height;
    WebPMemoryWriterInit(&writer);
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    if (!WebPPictureAlloc(&picture)) {
        fail(codec_no_memory, NULL);
    }
    import_rows(d, &picture);
    if (!WebPEncode(&config, &picture)) {
        fail(picture.error_code == VP8_ENC_ERROR_OUT_OF_MEMORY ? codec_no_memory : codec_unwritable, NULL);
    }
    WebPPictureFree(&picture);
    if (d->order.profile_size == 0 && d->exif_size == 0) {
        write_all(writer.mem, writer.size);
        return;
    }
    const WebPData image = {writer.mem, writer.size};
    WebPData whole;
    WebPMux *mux = WebPMuxNew();
    if (mux == NULL || WebPMuxSetImage(mux, &image, 0) != WEBP_MUX_OK) {
        fail(codec_unwritable, NULL);
    }
    set_chunk(mux, "ICCP", d->profile, d->order.profile_size);
    set_chunk(mux, "EXIF", d->exif, d->exif_size);
    if (WebPMuxAssemble(mux, &whole) != WEBP_MUX_OK) {
        fail(codec_unwritable, NULL);
    }
    write_all(whole.bytes, whole.size);
}
