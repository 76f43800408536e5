#include "formats.h"

#include <openjpeg.h>
#include <string.h>

// MARK: - The file as a stream

typedef struct {
    source_file file;
    size_t position;
} reading;

static OPJ_SIZE_T read_bytes(void *to, OPJ_SIZE_T count, void *user) {
    reading *r = user;
    const size_t left = r->file.size - r->position, size = count < left ? count : left;
    if (size == 0) {
        return (OPJ_SIZE_T)-1;
    }
    memcpy(to, r->file.bytes + r->position, size);
    r->position += size;
    return size;
}

static OPJ_OFF_T skip_bytes(OPJ_OFF_T count, void *user) {
    reading *r = user;
    const OPJ_OFF_T left = (OPJ_OFF_T)(r->file.size - r->position);
    const OPJ_OFF_T size = count < left ? count : left;
    r->position = (size_t)((OPJ_OFF_T)r->position + size);
    return size;
}

static OPJ_BOOL seek_bytes(OPJ_OFF_T position, void *user) {
    reading *r = user;
    if (position < 0 || (size_t)position > r->file.size) {
        return OPJ_FALSE;
    }
    r->position = (size_t)position;
    return OPJ_TRUE;
}

static opj_stream_t *open_stream(reading *r) {
    opj_stream_t *stream = opj_stream_default_create(OPJ_TRUE);
    if (stream == NULL) {
        fail(codec_no_memory, NULL);
    }
    opj_stream_set_read_function(stream, read_bytes);
    opj_stream_set_skip_function(stream, skip_bytes);
    opj_stream_set_seek_function(stream, seek_bytes);
    opj_stream_set_user_data(stream, r, NULL);
    opj_stream_set_user_data_length(stream, r->file.size);
    return stream;
}

static char message[CODEC_LARGEST_DETAIL];

static void on_error(const char *text, void *unused) {
    (void)unused;
    if (message[0] == '\0') {
        strncpy(message, text, sizeof message - 1);
        message[strcspn(message, "\n")] = '\0';
    }
}

/// The first remark about data that disagree with themselves; there are some where the encoder has put marks for that.
static char remark[CODEC_LARGEST_DETAIL];

static void on_warning(const char *text, void *unused) {
    static const char *const signs[] = {"SOP",     "EPH",      "PTERM", "egmentation symbol", "segment too long",
                                        "runcated", "too short", "Psot"};
    (void)unused;
    for (size_t i = 0; remark[0] == '\0' && i < sizeof signs / sizeof *signs; i++) {
        if (strstr(text, signs[i]) != NULL && strstr(text, "equal to zero") == NULL) {
            strncpy(remark, text, sizeof remark - 1);
            remark[strcspn(remark, "\n")] = '\0';
        }
    }
}

// MARK: - Components

// A component's value at a place of the whole picture, 0…1.
static double value(const opj_image_comp_t *c, uint32_t x, uint32_t y) {
    const uint32_t column = x / c->dx < c->w ? x / c->dx : c->w - 1, row = y / c->dy < c->h ? y / c->dy : c->h - 1;
    const double most = (double)((1ull << c->prec) - 1);
    const double stored = c->data[(size_t)row * c->w + column] + (c->sgnd ? (double)(1ull << (c->prec - 1)) : 0);
    return stored < 0 ? 0 : stored > most ? 1 : stored / most;
}

// Luma and chroma as JFIF has them (ITU-T T.871, 7).
static void to_rgb(double v[3]) {
    const double luma = v[0], blue = v[1] - 0.5, red = v[2] - 0.5;
    v[0] = luma + 1.402 * red;
    v[1] = luma - 0.344136 * blue - 0.714136 * red;
    v[2] = luma + 1.772 * blue;
}

static void store(const opj_image_t *image, picture *p, int alpha) {
    const unsigned channels = picture_channels(p), depth = p->report.depth;
    const double most = depth == 1 ? 255 : 65535;
    const bool luma = p->report.colours == 3 && image->color_space == OPJ_CLRSPC_SYCC;
    uint16_t *row = need_memory((size_t)p->stored_width * channels, sizeof *row);
    for (uint32_t y = 0; y < p->stored_height; y++) {
        for (uint32_t x = 0; x < p->stored_width; x++) {
            double v[4];
            for (unsigned c = 0; c < p->report.colours; c++) {
                v[c] = value(&image->comps[c], x, y);
            }
            if (luma) {
                to_rgb(v);
            }
            if (alpha >= 0) {
                v[p->report.colours] = value(&image->comps[alpha], x, y);
            }
            for (unsigned c = 0; c < channels; c++) {
                const double scaled = (v[c] < 0 ? 0 : v[c] > 1 ? 1 : v[c]) * most + 0.5;
                if (depth == 1) {
                    ((uint8_t *)row)[x * channels + c] = (uint8_t)scaled;
                } else {
                    row[(size_t)x * channels + c] = (uint16_t)scaled;
                }
            }
        }
        picture_put(p, 0, y, p->stored_width, row, 0, channels);
    }
}

static bool is_whole(const opj_image_t *image) {
    for (OPJ_UINT32 i = 0; i < image->numcomps; i++) {
        const opj_image_comp_t *c = &image->comps[i];
        if (c->data == NULL || c->w == 0 || c->h == 0 || c->dx == 0 || c->dy == 0 || c->prec == 0 || c->prec > 31) {
            return false;
        }
    }
    return image->numcomps > 0;
}

static int find_alpha(const opj_image_t *image, unsigned colours) {
    for (OPJ_UINT32 i = colours; i < image->numcomps; i++) {
        if (image->comps[i].alpha != 0) {
            return (int)i;
        }
    }
    return -1;
}

void jp2_decode(source_file file, picture *p) {
    reading r = {file, 0};
    opj_dparameters_t parameters;
    opj_image_t *image = NULL;
    // A bare codestream starts with its own marker, a file with a box.
    opj_codec_t *codec = opj_create_decompress(file.bytes[0] == 0xFF ? OPJ_CODEC_J2K : OPJ_CODEC_JP2);
    opj_stream_t *stream = open_stream(&r);
    opj_set_default_decoder_parameters(&parameters);
    if (codec == NULL || !opj_set_error_handler(codec, on_error, NULL)
        || !opj_set_warning_handler(codec, on_warning, NULL) || !opj_setup_decoder(codec, &parameters)) {
        fail(codec_no_memory, NULL);
    }
    if (!opj_read_header(stream, codec, &image)) {
        fail(codec_damaged, message);
    }
    if (image->x1 <= image->x0 || image->y1 <= image->y0 || image->numcomps == 0) {
        fail(codec_damaged, NULL);
    }
    const uint64_t width = image->x1 - image->x0, height = image->y1 - image->y0;
    const unsigned colours = image->numcomps < 3 ? 1 : 3;
    if (image->color_space == OPJ_CLRSPC_CMYK || image->color_space == OPJ_CLRSPC_EYCC) {
        fail(codec_unsupported, "JPEG 2000 (CMYK)");
    }
    const unsigned depth = image->comps[0].prec > 8 ? 2 : 1;
    // Whether there is alpha is known when the whole file has been read.
    picture_begin(p, width, height, colours, false, depth, 12 + 8 * image->numcomps);
    // What lies behind the codestream changes no pixel; opj_end_decompress would refuse another file there.
    if (!opj_decode(codec, stream, image)) {
        fail(codec_damaged, message);
    }
    if (!is_whole(image)) {
        fail(codec_damaged, NULL);
    }
    const int alpha = find_alpha(image, colours);
    if (alpha >= 0) {
        picture_begin(p, width, height, colours, true, depth, 0);
    }
    if (image->icc_profile_buf != NULL && image->color_space != OPJ_CLRSPC_SYCC) {
        picture_set_profile(p, image->icc_profile_buf, image->icc_profile_len);
    }
    store(image, p, alpha);
    if (remark[0] != '\0') {
        picture_warn(p, codec_warning_damaged, remark);
    }
}
