#include "formats.h"

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

static _Noreturn void refuse_unknown(const char *kind) {
    fail(kind != NULL ? codec_unsupported : codec_no_picture, kind);
}

void pixbuf_decode(source_file file, picture *p, const char *kind) {
    int width = 0, height = 0;
    GError *error = NULL;
    (void)file;
    GdkPixbufFormat *format = gdk_pixbuf_get_file_info(STANDARD_INPUT, &width, &height);
    char *name = format == NULL ? NULL : gdk_pixbuf_format_get_name(format);
    if (name == NULL || width < 1 || height < 1) {
        refuse_unknown(kind);
    }
    // A drawing without pixels of its own.
    if (strcmp(name, "svg") == 0) {
        refuse_unknown("SVG");
    }
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
