#include "formats.h"
#include "signs.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

// GdkPixbuf takes names; this one is standard input, whatever was opened there.
#define STANDARD_INPUT "/proc/self/fd/0"

static void take_profile(GdkPixbuf *pixbuf, picture *p) {
    const char *text = gdk_pixbuf_get_option(pixbuf, "icc-profile");
    gsize size = 0;
    guchar *bytes = text == NULL ? NULL : g_base64_decode(text, &size);
    picture_set_profile(p, bytes, size);
    g_free(bytes);
}

// MARK: - Damage

// GdkPixbuf hands out what it has of these formats without a word: rows that are missing are black, or transparent.

static uint32_t number(source_file file, size_t at, size_t size) {
    uint32_t value = 0;
    for (size_t i = size; i-- > 0;) {
        value = value << 8 | (at + i < file.size ? file.bytes[at + i] : 0u);
    }
    return value;
}

// Where a bitmap's samples end: by its header of 12 or of at least 40 bytes, which has the size of compressed ones.
static uint64_t end_of_bitmap(source_file file) {
    const bool is_short = number(file, 14, 4) == 12;
    const uint32_t width = is_short ? number(file, 18, 2) : number(file, 18, 4);
    const uint32_t height = is_short ? number(file, 20, 2) : number(file, 22, 4);
    const uint32_t bits = number(file, is_short ? 24 : 28, 2), compression = is_short ? 0 : number(file, 30, 4);
    const uint64_t rows = height > INT32_MAX ? 0u - height : height;
    const bool is_compressed = compression == 1 || compression == 2;
    return number(file, 10, 4) + (is_compressed ? number(file, 34, 4) : ((uint64_t)width * bits + 31) / 32 * 4 * rows);
}

// Where the last of the icons in a file ends.
static uint64_t end_of_icons(source_file file) {
    uint64_t end = 0;
    for (size_t i = 0, count = number(file, 4, 2); i < count; i++) {
        const uint64_t last = (uint64_t)number(file, 14 + 16 * i, 4) + number(file, 18 + 16 * i, 4);
        end = last > end ? last : end;
    }
    return end;
}

// Also for what its data say of themselves.
static void check_data(source_file file, const char *format, picture *p) {
    const bool is_gif = strcmp(format, "gif") == 0;
    const uint64_t end = is_gif                         ? gif_end_of_first_frame(file)
                         : strcmp(format, "bmp") == 0 ? end_of_bitmap(file)
                         : strcmp(format, "ico") == 0 ? end_of_icons(file)
                                                      : 0;
    if (end > file.size) {
        fail(codec_cut_off, NULL);
    }
    const char *damage = is_gif && end == file.size       ? "the end of a frame is missing"
                         : is_gif                         ? gif_damage(file)
                         : strcmp(format, "bmp") == 0 ? bmp_damage(file)
                                                      : NULL;
    if (damage != NULL) {
        picture_warn(p, codec_warning_damaged, damage);
    }
}

// MARK: - Reading

static _Noreturn void refuse_unknown(const char *kind) {
    fail(kind != NULL ? codec_unsupported : codec_no_picture, kind);
}

void pixbuf_decode(source_file file, picture *p, const char *kind) {
    int width = 0, height = 0;
    GError *error = NULL;
    GdkPixbufFormat *format = gdk_pixbuf_get_file_info(STANDARD_INPUT, &width, &height);
    char *name = format == NULL ? NULL : gdk_pixbuf_format_get_name(format);
    if (name == NULL || width < 1 || height < 1) {
        refuse_unknown(kind);
    }
    // A drawing without pixels of its own.
    if (strcmp(name, "svg") == 0) {
        refuse_unknown("SVG");
    }
    check_data(file, name, p);
    // GdkPixbuf's own copy, and the rows of the file.
    picture_begin(p, (uint64_t)width, (uint64_t)height, 3, false, 1, 10);
    GdkPixbuf *pixbuf = gdk_pixbuf_new_from_file(STANDARD_INPUT, &error);
    if (pixbuf == NULL) {
        fail(g_error_matches(error, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_INSUFFICIENT_MEMORY) ? codec_no_memory
                                                                                            : codec_damaged,
             error == NULL ? NULL : error->message);
    }
    // The header's size and the picture's may differ, as for several icons in one file.
    picture_begin(p, (uint64_t)gdk_pixbuf_get_width(pixbuf), (uint64_t)gdk_pixbuf_get_height(pixbuf), 3,
                  gdk_pixbuf_get_has_alpha(pixbuf) != 0, 1, 0);
    take_profile(pixbuf, p);
    const size_t stride = (size_t)gdk_pixbuf_get_rowstride(pixbuf);
    const guchar *pixels = gdk_pixbuf_read_pixels(pixbuf);
    for (uint32_t y = 0; y < p->stored_height; y++) {
        picture_put(p, 0, y, p->stored_width, pixels + y * stride, 0, picture_channels(p));
    }
    g_object_unref(pixbuf);
}
