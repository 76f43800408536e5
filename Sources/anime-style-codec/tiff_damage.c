#include "tiff_damage.h"

#include "signs.h"

#include <string.h>
#include <zlib.h>

/// A strip or a tile.
typedef struct {
    const uint8_t *bytes;
    size_t size;
    /// Bytes of its samples: as many as the picture needs, and as many as fill a last strip up, which some programs do.
    uint64_t needed, filled;
} block;

static const char longer[] = "the data of a strip go on behind its samples";
static const char shorter[] = "the data of a strip end before its samples";

static const char *deflate_damage(block b) {
    static uint8_t unpacked[1 << 16];
    z_stream stream = {.next_in = (Bytef *)b.bytes};
    uint64_t total = 0;
    size_t left = b.size;
    int state = Z_OK;
    if (inflateInit(&stream) != Z_OK) {
        return NULL;
    }
    while (state == Z_OK && total <= b.filled) {
        if (stream.avail_in == 0) {
            stream.avail_in = left > INT32_MAX ? INT32_MAX : (uInt)left;
            left -= stream.avail_in;
        }
        stream.next_out = unpacked;
        stream.avail_out = sizeof unpacked;
        state = inflate(&stream, Z_NO_FLUSH);
        total += sizeof unpacked - stream.avail_out;
    }
    // A text that does not go with the stream.
    const char *message = state == Z_DATA_ERROR ? (stream.msg != NULL ? stream.msg : "damaged data")
                          : state == Z_OK       ? longer
                          : state == Z_BUF_ERROR ? "the end of the packed data of a strip is missing"
                          : state == Z_STREAM_END && total != b.needed && total != b.filled ? longer
                                                                                            : NULL;
    inflateEnd(&stream);
    return message;
}

static const char *lzw_damage(block b) {
    // As libtiff tells files of its own first versions, whose codes begin at a byte's lowest bit.
    if (b.size >= 2 && b.bytes[0] == 0 && (b.bytes[1] & 1) != 0) {
        return NULL;
    }
    const lzw_content content = lzw_measure((lzw_data){b.bytes, b.size, 8, true}, b.filled);
    if (content.is_broken) {
        return "a strip has a code that does not exist";
    }
    return content.values < b.needed                                      ? shorter
           : content.values != b.needed && content.values != b.filled ? longer
                                                                          : NULL;
}

// TIFF 6.0, section 9.
static const char *packbits_damage(block b) {
    uint64_t total = 0;
    for (size_t at = 0; at < b.size && total < b.needed;) {
        const unsigned count = b.bytes[at];
        total += count < 128 ? count + 1 : count > 128 ? 257 - count : 0;
        at += count < 128 ? 2 + count : count > 128 ? 2 : 1;
        // A byte to spare makes lengths even.
        if (total >= b.needed && at + 1 < b.size && b.filled == b.needed) {
            return longer;
        }
    }
    return total < b.needed ? shorter : total > b.needed && total > b.filled ? longer : NULL;
}

// MARK: - Strips and tiles

static block block_at(TIFF *tiff, source_file file, uint32_t index) {
    const uint64_t offset = TIFFGetStrileOffset(tiff, index), size = TIFFGetStrileByteCount(tiff, index);
    block b = {NULL, 0, 0, 0};
    if (size == 0 || offset >= file.size || size > file.size - offset) {
        return b;
    }
    b.bytes = file.bytes + offset;
    b.size = (size_t)size;
    if (TIFFIsTiled(tiff)) {
        b.needed = b.filled = (uint64_t)TIFFTileSize64(tiff);
        return b;
    }
    uint32_t height = 0, rows = 0;
    uint16_t planar = PLANARCONFIG_CONTIG, samples = 1;
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    if (rows == 0 || rows > height) {
        rows = height;
    }
    const uint32_t in_plane = (height + (uint64_t)rows - 1) / rows;
    const uint32_t first = (planar == PLANARCONFIG_CONTIG ? index : index % in_plane) * rows;
    b.filled = (uint64_t)TIFFVStripSize64(tiff, rows);
    b.needed = first < height ? (uint64_t)TIFFVStripSize64(tiff, height - first < rows ? height - first : rows) : 0;
    return b;
}

static const char *jpeg_strip_damage(TIFF *tiff, jpeg_tables *tables, block b) {
    uint32_t size = 0;
    void *shared = NULL;
    if (TIFFGetField(tiff, TIFFTAG_JPEGTABLES, &size, &shared) && shared != NULL) {
        jpeg_damage(tables, shared, size, false);
    }
    return jpeg_damage(tables, b.bytes, b.size, true);
}

const char *tiff_damage(TIFF *tiff, source_file file) {
    uint16_t compression = COMPRESSION_NONE, order = FILLORDER_MSB2LSB;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_FILLORDER, &order);
    jpeg_tables *tables = compression == COMPRESSION_JPEG ? jpeg_tables_make() : NULL;
    const uint32_t count = TIFFIsTiled(tiff) ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
    const char *message = NULL;
    for (uint32_t i = 0; i < count && message == NULL && order == FILLORDER_MSB2LSB; i++) {
        const block b = block_at(tiff, file, i);
        if (b.bytes == NULL) {
            continue;
        }
        switch (compression) {
        case COMPRESSION_ADOBE_DEFLATE:
        case COMPRESSION_DEFLATE: message = deflate_damage(b); break;
        case COMPRESSION_LZW: message = lzw_damage(b); break;
        case COMPRESSION_PACKBITS: message = packbits_damage(b); break;
        case COMPRESSION_JPEG: message = jpeg_strip_damage(tiff, tables, b); break;
        case COMPRESSION_WEBP: message = webp_damage(b.bytes, b.size); break;
        default: return NULL;
        }
    }
    return message;
}
