// Decodes or encodes one picture file for another program and ends, so that whatever a file does to a decoder stays
// here:
//
//     anime-style-codec decode MOST-PIXELS <file 3<>samples >report
//     anime-style-codec encode <order-and-rows 3<>file >report

#define _GNU_SOURCE
#include "formats.h"
#include "metadata.h"
#include "profile.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

// What every process may take; a picture's size adds to it.
#define MEMORY (400ull << 20)
#define PROCESSOR_SECONDS 10
// The most that a pixel can add (jxl.c).
#define MOST_BYTES_PER_PIXEL 64

static picture current;

// MARK: - The report

static void send(const void *bytes, size_t size) {
    for (const uint8_t *next = bytes; size > 0;) {
        const ssize_t count = write(STDOUT_FILENO, next, size);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            _exit(1);
        }
        next += count;
        size -= (size_t)count;
    }
}

static void send_report(codec_report report, const char *detail) {
    report.magic = CODEC_MAGIC;
    report.detail_size = detail == NULL ? 0 : (uint32_t)strnlen(detail, CODEC_LARGEST_DETAIL);
    send(&report, sizeof report);
    send(current.profile, report.profile_size);
    send(detail, report.detail_size);
}

void fail(codec_outcome outcome, const char *detail) {
    codec_report report = {.outcome = outcome, .width = current.report.width, .height = current.report.height};
    send_report(report, detail);
    _exit(0);
}

// A page of the temporary file that finds no room on the disk arrives as this signal.
static void on_bus_error(int number) {
    (void)number;
    fail(codec_no_room, NULL);
}

// MARK: - Limits

static void limit(int resource, rlim_t soft, rlim_t hard) {
    struct rlimit bound;
    if (getrlimit((__rlimit_resource_t)resource, &bound) != 0) {
        return;
    }
    bound.rlim_max = hard < bound.rlim_max ? hard : bound.rlim_max;
    bound.rlim_cur = soft < bound.rlim_max ? soft : bound.rlim_max;
    setrlimit((__rlimit_resource_t)resource, &bound);
}

static void confine(uint64_t most_pixels, rlim_t memory, rlim_t seconds) {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_NOFILE, 64, 64);
    limit(RLIMIT_DATA, memory, memory + most_pixels * MOST_BYTES_PER_PIXEL);
    limit(RLIMIT_CPU, seconds, seconds + most_pixels / 50000);
    signal(SIGBUS, on_bus_error);
    // A file that may not grow any more is an error of its own, not the end.
    signal(SIGXFSZ, SIG_IGN);
}

// MARK: - Decoding

static bool starts(source_file file, size_t at, const char *bytes, size_t count) {
    return file.size >= at + count && memcmp(file.bytes + at, bytes, count) == 0;
}

#define STARTS(file, at, bytes) starts(file, at, bytes, sizeof(bytes) - 1)

typedef struct {
    const char *name;
    void (*decode)(source_file, picture *);
    /// Whether Exif says how the picture must be turned; the decoders of other formats know better.
    bool has_orientation;
} format;

static bool is_heif(source_file file) {
    static const char brands[][5] = {"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis"};
    for (size_t i = 0; i < sizeof brands / sizeof *brands; i++) {
        if (STARTS(file, 4, "ftyp") && starts(file, 8, brands[i], 4)) {
            return true;
        }
    }
    return false;
}

// By the first bytes, whatever the file's name says.
static format format_of(source_file file) {
    // A marker follows, at once or behind stray bytes.
    if (STARTS(file, 0, "\xFF\xD8")) {
        return (format){"JPEG", jpeg_decode, true};
    }
    if (STARTS(file, 0, "\x89PNG\r\n\x1A\n")) {
        return (format){"PNG", png_decode, true};
    }
    if (STARTS(file, 0, "RIFF") && STARTS(file, 8, "WEBP")) {
        return (format){"WebP", webp_decode, true};
    }
    if (STARTS(file, 0, "II*\0") || STARTS(file, 0, "MM\0*") || STARTS(file, 0, "II+\0") || STARTS(file, 0, "MM\0+")) {
        return (format){"TIFF", tiff_decode, false};
    }
    if (is_heif(file)) {
        return (format){"HEIF", heif_decode, false};
    }
    if (STARTS(file, 0, "\xFF\x0A") || STARTS(file, 0, "\0\0\0\x0CJXL \r\n\x87\n")) {
        return (format){"JPEG XL", jxl_decode, false};
    }
    if (STARTS(file, 0, "\0\0\0\x0CjP  \r\n\x87\n") || STARTS(file, 0, "\xFF\x4F\xFF\x51")) {
        return (format){"JPEG 2000", jp2_decode, false};
    }
    return (format){NULL, NULL, false};
}

// Files that people take for pictures; those that no loader knows are named.
static const char *other_kind(source_file file) {
    static const struct {
        size_t at, count;
        const char *bytes, *name;
    } kinds[] = {
        {0, 4, "8BPS", "PSD"},         {0, 4, "%PDF", "PDF"},           {0, 4, "\x76\x2F\x31\x01", "OpenEXR"},
        {0, 8, "gimp xcf", "XCF"},     {4, 7, "ftypcrx", "camera raw"}, {0, 8, "FUJIFILM", "camera raw"},
        {0, 4, "IIU\0", "camera raw"}, {4, 4, "ftyp", "video"},         {0, 4, "\x1A\x45\xDF\xA3", "video"},
        {0, 4, "DDS ", "DDS"},         {0, 2, "#?", "Radiance HDR"},    {0, 4, "SIMP", "FITS"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (starts(file, kinds[i].at, kinds[i].bytes, kinds[i].count)) {
            return kinds[i].name;
        }
    }
    return NULL;
}

static source_file map_input(void) {
    struct stat status;
    source_file file = {NULL, 0};
    if (fstat(STDIN_FILENO, &status) != 0 || status.st_size <= 0) {
        fail(codec_no_picture, NULL);
    }
    file.size = (size_t)status.st_size;
    void *bytes = mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
    if (bytes == MAP_FAILED) {
        fail(codec_no_memory, NULL);
    }
    file.bytes = bytes;
    return file;
}

static int decode(uint64_t most_pixels) {
    unsigned orientation = 1;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    confine(most_pixels, MEMORY, PROCESSOR_SECONDS);
    alarm(12);
    const source_file file = map_input();
    const format kind = format_of(file);
    current.most_pixels = most_pixels;
    if (kind.decode == NULL) {
        pixbuf_decode(file, &current, other_kind(file));
    } else {
        const source_file tags = kind.decode == jpeg_decode ? jpeg_segments(file) : file;
        metadata_read(tags, &current.report.metadata, &orientation);
        current.orientation = kind.has_orientation ? orientation : 1;
        kind.decode(file, &current);
    }
    profile_check(&current);
    send_report(current.report, current.detail);
    return 0;
}

// MARK: - Encoding

static void receive(void *to, size_t size) {
    for (uint8_t *next = to; size > 0;) {
        const ssize_t count = read(STDIN_FILENO, next, size);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        // Whoever had the rows has given up.
        if (count <= 0) {
            _exit(1);
        }
        next += count;
        size -= (size_t)count;
    }
}

size_t drawing_row_bytes(const drawing *d) {
    return (size_t)d->order.width * (d->order.alpha ? 4 : 3) * d->order.depth;
}

const uint8_t *drawing_next_row(drawing *d) {
    static uint8_t *row;
    if (row == NULL) {
        row = need_memory(drawing_row_bytes(d), 1);
    }
    receive(row, drawing_row_bytes(d));
    return row;
}

static int encode(void) {
    static drawing d;
    codec_order *order = &d.order;
    receive(order, sizeof *order);
    if (order->magic != CODEC_MAGIC || order->width == 0 || order->height == 0
        || order->profile_size > CODEC_LARGEST_PROFILE) {
        fail(codec_unwritable, NULL);
    }
    const uint64_t pixels = (uint64_t)order->width * order->height;
    // WebP is held whole; five seconds a megapixel are many times what the slowest encoder takes.
    confine(0, MEMORY + (order->format == codec_webp ? 32 * pixels : 0), 30 + pixels / 200000);
    d.profile = need_memory(order->profile_size, 1);
    receive(d.profile, order->profile_size);
    if (order->format != codec_tiff) {
        metadata_make_exif(&d);
    }
    switch ((codec_format)order->format) {
    case codec_png: png_encode(&d); break;
    case codec_jpeg: jpeg_encode(&d); break;
    case codec_webp: webp_encode(&d); break;
    case codec_tiff: tiff_encode(&d); break;
    default: fail(codec_unwritable, NULL);
    }
    send_report(current.report, NULL);
    return 0;
}

int main(int count, char **arguments) {
    if (count == 3 && strcmp(arguments[1], CODEC_DECODE) == 0) {
        return decode(strtoull(arguments[2], NULL, 10));
    }
    if (count == 2 && strcmp(arguments[1], CODEC_ENCODE) == 0) {
        return encode();
    }
    fputs("This program reads and writes pictures for anime-style and is not to be started by hand.\n", stderr);
    return 2;
}
