#include "metadata.h"

#include <gexiv2/gexiv2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Copies a text without control characters and without cutting a character of UTF-8 in two; one of another encoding is
// left out.
static void copy(char *to, size_t size, const char *from) {
    if (to[0] != '\0' || from == NULL || !g_utf8_validate(from, -1, NULL)) {
        return;
    }
    size_t length = 0;
    while (*from != '\0') {
        const size_t bytes = (size_t)(g_utf8_next_char(from) - from);
        if (length + bytes >= size) {
            break;
        }
        if (!g_unichar_iscntrl(g_utf8_get_char(from))) {
            memcpy(to + length, from, bytes);
            length += bytes;
        }
        from += bytes;
    }
    to[length] = '\0';
}

static void take_tag(GExiv2Metadata *tags, const char *tag, char *to, size_t size) {
    char *text = gexiv2_metadata_try_get_tag_string(tags, tag, NULL);
    copy(to, size, text);
    g_free(text);
}

// XMP's lists and IPTC's repeated tags.
static void take_list(GExiv2Metadata *tags, const char *tag, char *to, size_t size) {
    char **texts = gexiv2_metadata_try_get_tag_multiple(tags, tag, NULL);
    char *joined = texts == NULL ? NULL : g_strjoinv(", ", texts);
    copy(to, size, joined);
    g_free(joined);
    g_strfreev(texts);
}

static bool is_date(const char *text) {
    int parts[6], end = 0;
    return sscanf(text, "%4d:%2d:%2d %2d:%2d:%2d%n", &parts[0], &parts[1], &parts[2], &parts[3], &parts[4], &parts[5],
                  &end)
               == 6
           && end == 19 && text[19] == '\0';
}

static void take_date(GExiv2Metadata *tags, const char *tag, char to[20]) {
    take_tag(tags, tag, to, 20);
    if (!is_date(to)) {
        to[0] = '\0';
    }
}

static double rational(GExiv2Metadata *tags, const char *tag) {
    gint numerator = 0, denominator = 0;
    return gexiv2_metadata_try_get_exif_tag_rational(tags, tag, &numerator, &denominator, NULL) && denominator > 0
                   && numerator > 0
               ? (double)numerator / denominator
               : 0;
}

static void take_all(GExiv2Metadata *tags, codec_metadata *m) {
    take_date(tags, "Exif.Image.DateTime", m->changed);
    take_date(tags, "Exif.Photo.DateTimeOriginal", m->taken);
    take_date(tags, "Exif.Photo.DateTimeDigitized", m->digitized);
    take_tag(tags, "Exif.Image.Artist", m->author, sizeof m->author);
    take_list(tags, "Xmp.dc.creator", m->author, sizeof m->author);
    take_list(tags, "Iptc.Application2.Byline", m->author, sizeof m->author);
    take_tag(tags, "Exif.Image.Copyright", m->copyright, sizeof m->copyright);
    take_list(tags, "Iptc.Application2.Copyright", m->copyright, sizeof m->copyright);
    if (m->across <= 0 || m->down <= 0) {
        // 1: no unit, 3: centimetres; anything else is inches (Exif 2.32, 4.6.4 A, tag 296).
        const glong kind = gexiv2_metadata_try_get_tag_long(tags, "Exif.Image.ResolutionUnit", NULL);
        const double unit = kind == 1 ? 0 : kind == 3 ? 2.54 : 1;
        m->across = unit * rational(tags, "Exif.Image.XResolution");
        m->down = unit * rational(tags, "Exif.Image.YResolution");
    }
}

void metadata_read(source_file file, codec_metadata *metadata, unsigned *orientation) {
    *orientation = 1;
    if (!gexiv2_initialize()) {
        return;
    }
    GExiv2Metadata *tags = gexiv2_metadata_new();
    if (tags != NULL && gexiv2_metadata_open_buf(tags, file.bytes, (glong)file.size, NULL)) {
        const int found = (int)gexiv2_metadata_try_get_orientation(tags, NULL);
        *orientation = found >= 1 && found <= 8 ? (unsigned)found : 1;
        take_all(tags, metadata);
    }
    if (tags != NULL) {
        g_object_unref(tags);
    }
}

// MARK: - Writing

static void put(GExiv2Metadata *tags, const char *tag, const char *text) {
    if (text[0] != '\0') {
        gexiv2_metadata_try_set_tag_string(tags, tag, text, NULL);
    }
}

void metadata_make_exif(drawing *d) {
    // The smallest file that exiv2 opens; tags need one to stand in.
    static const uint8_t empty_jpeg[] = {0xFF, 0xD8, 0xFF, 0xD9};
    const codec_metadata *m = &d->order.metadata;
    const bool has_resolution = m->across >= 1 && m->down >= 1 && m->across < 1e6 && m->down < 1e6;
    if (!has_resolution && !m->changed[0] && !m->taken[0] && !m->digitized[0] && !m->author[0] && !m->copyright[0]) {
        return;
    }
    GExiv2Metadata *tags = gexiv2_initialize() ? gexiv2_metadata_new() : NULL;
    if (tags == NULL || !gexiv2_metadata_open_buf(tags, empty_jpeg, sizeof empty_jpeg, NULL)) {
        return;
    }
    put(tags, "Exif.Image.DateTime", m->changed);
    put(tags, "Exif.Photo.DateTimeOriginal", m->taken);
    put(tags, "Exif.Photo.DateTimeDigitized", m->digitized);
    put(tags, "Exif.Image.Artist", m->author);
    put(tags, "Exif.Image.Copyright", m->copyright);
    if (has_resolution) {
        gexiv2_metadata_try_set_exif_tag_rational(tags, "Exif.Image.XResolution", (gint)(m->across * 100 + 0.5), 100,
                                                  NULL);
        gexiv2_metadata_try_set_exif_tag_rational(tags, "Exif.Image.YResolution", (gint)(m->down * 100 + 0.5), 100,
                                                  NULL);
        gexiv2_metadata_try_set_tag_long(tags, "Exif.Image.ResolutionUnit", 2, NULL);
    }
    GBytes *bytes = gexiv2_metadata_get_exif_data(tags, GEXIV2_BYTE_ORDER_LITTLE, NULL);
    if (bytes != NULL) {
        gsize size = 0;
        const void *data = g_bytes_get_data(bytes, &size);
        d->exif = need_memory(size, 1);
        memcpy(d->exif, data, size);
        d->exif_size = size;
        g_bytes_unref(bytes);
    }
    g_object_unref(tags);
}
