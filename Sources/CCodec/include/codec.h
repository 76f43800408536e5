#ifndef CODEC_H
#define CODEC_H

#include <stdint.h>
#include <sys/types.h>

// What passes between a program and `anime-style-codec`, the process of its own in which picture files are decoded and
// encoded. Both are built together and run on one machine, so that plain structures serve.

/// Name of the program; it lies beside whoever starts it.
#define CODEC_PROGRAM "anime-style-codec"
/// First arguments: decode standard input, or encode what comes on it. A decoder's second one is the most pixels it
/// takes.
#define CODEC_DECODE "decode"
#define CODEC_ENCODE "encode"
/// Where a decoder stores its samples, and an encoder its file.
#define CODEC_FILE 3
/// First word of every structure.
#define CODEC_MAGIC 0x43534131u
/// Longest profile, and longest text, that a report may bring.
#define CODEC_LARGEST_PROFILE (64u << 20)
#define CODEC_LARGEST_DETAIL 400u

/// How it went; all but the first come without a picture.
typedef enum {
    codec_done = 0,
    codec_no_picture,
    /// `detail` says where.
    codec_damaged,
    codec_cut_off,
    /// `width` and `height` are set.
    codec_too_large,
    /// A picture of a kind that is known but not read: `detail` names it.
    codec_unsupported,
    codec_no_memory,
    /// The folder of temporary files is full.
    codec_no_room,
    /// The result could not be written: `detail` says why.
    codec_unwritable,
} codec_outcome;

/// What the user should know about a picture that was decoded.
enum {
    /// Parts of it may be missing: `detail` says what the decoder found.
    codec_warning_damaged = 1,
    /// Its ICC profile is damaged or of another colour model; the samples are sRGB.
    codec_warning_profile = 2,
    /// Bytes where the format has none, which may be the rest of damaged data.
    codec_warning_stray = 4,
};

/// What a drawing takes over from its photograph. Texts are UTF-8, ended by zero and empty where the file has none.
typedef struct {
    /// Exif's DateTime, DateTimeOriginal and DateTimeDigitized: "YYYY:MM:DD HH:MM:SS".
    char changed[20], taken[20], digitized[20];
    char author[256], copyright[256];
    /// Pixels per inch, 0 when not known.
    double across, down;
} codec_metadata;

/// A decoder's or an encoder's one answer on standard output; `profile_size` bytes of an ICC profile and `detail_size`
/// bytes of text follow.
typedef struct {
    uint32_t magic;
    uint32_t outcome;
    uint32_t warnings;
    /// The upright picture's.
    uint32_t width, height;
    /// 1 gray, 3 red, green and blue.
    uint32_t colours;
    /// Whether straight alpha follows the colours.
    uint32_t alpha;
    /// Bytes of a sample: 1 and 2 whole numbers, 4 floats.
    uint32_t depth;
    uint32_t profile_size, detail_size;
    /// Whether a drawing carries the profile; one that says sRGB's colours with another curve only serves to read them.
    uint32_t keeps_profile;
    codec_metadata metadata;
} codec_report;

typedef enum { codec_png = 1, codec_jpeg, codec_webp, codec_tiff } codec_format;

/// What an encoder gets on standard input; a profile of `profile_size` bytes follows, then the rows from the top,
/// without gaps: red, green, blue and, when asked for, straight alpha.
typedef struct {
    uint32_t magic;
    uint32_t format;
    uint32_t width, height;
    uint32_t alpha;
    uint32_t depth;
    uint32_t profile_size;
    codec_metadata metadata;
} codec_order;

/// Starts `program` with `arguments` (the program's name first, a null pointer last), the descriptors `input` and
/// `file` as its standard input and as `CODEC_FILE`, a pipe as its standard output, and nothing else open.
/// - Returns: the process's id, or an errno's value below zero; `*output` becomes the pipe's reading end.
pid_t codec_start(const char *program, const char *const *arguments, int input, int file, int *output);

/// A new file for samples that is in no folder and goes when it is closed, in $TMPDIR or /var/tmp or else in memory.
/// - Returns: a descriptor, or −1.
int codec_temporary_file(void);

/// A pair of connected sockets that are closed when another program is started.
/// - Returns: whether there is one.
_Bool codec_socket_pair(int *ends);

/// The folder of the program or library that this function is linked into, written to `folder`.
/// - Returns: whether it fits `size` bytes.
_Bool codec_own_folder(char *folder, size_t size);

#endif
