#include "CompressedStreams.h"

#include <stdlib.h>
#include <sys/vfs.h>
#include <zlib.h>

struct stream {
    z_stream z;
    int is_reading;
};

void *occ_gzip_begin(int is_reading) {
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream) return NULL;
    stream->is_reading = is_reading;
    // zlib manual: 15 + 16 window bits is a gzip stream; its header has no time, so equal bytes stay equal.
    int result = is_reading ? inflateInit2(&stream->z, 15 + 16)
                            : deflateInit2(&stream->z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    if (result == Z_OK) return stream;
    free(stream);
    return NULL;
}

int occ_gzip_step(void *pointer, const uint8_t *input, size_t input_size, uint8_t *output, size_t output_size,
                  int is_last, size_t *consumed, size_t *produced) {
    struct stream *stream = pointer;
    stream->z.next_in = (Bytef *)input;
    stream->z.avail_in = (uInt)input_size;
    stream->z.next_out = output;
    stream->z.avail_out = (uInt)output_size;
    int result = stream->is_reading ? inflate(&stream->z, Z_NO_FLUSH)
                                    : deflate(&stream->z, is_last ? Z_FINISH : Z_NO_FLUSH);
    *consumed = input_size - stream->z.avail_in;
    *produced = output_size - stream->z.avail_out;
    if (result == Z_STREAM_END) return 1;
    // Z_BUF_ERROR only says that nothing could be done with these buffers.
    return result == Z_OK || result == Z_BUF_ERROR ? 0 : -1;
}

void occ_gzip_end(void *pointer) {
    struct stream *stream = pointer;
    if (stream->is_reading) inflateEnd(&stream->z);
    else deflateEnd(&stream->z);
    free(stream);
}

int64_t occ_file_system(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (int64_t)status.f_type : -1;
}
