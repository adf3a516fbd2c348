#ifndef OCC_EXPORT_COMPRESSEDSTREAMS_H
#define OCC_EXPORT_COMPRESSEDSTREAMS_H

#include <stddef.h>
#include <stdint.h>

/// A gzip stream being made or read; zlib's z_stream holds pointers that move with each call, which
/// this side keeps. NULL when there is no memory.
void *occ_gzip_begin(int is_reading);

/// Takes bytes and gives bytes; `consumed` and `produced` say how many of each.
/// Returns 0 to go on, 1 at the end of the stream, -1 when the bytes are no gzip stream.
int occ_gzip_step(void *stream, const uint8_t *input, size_t input_size, uint8_t *output, size_t output_size,
                  int is_last, size_t *consumed, size_t *produced);

/// Ends a stream and frees it.
void occ_gzip_end(void *stream);

/// The file system's type number of a path (statfs(2)); -1 with errno when it cannot be asked.
/// statfs(2)'s f_type has another width on each platform, which this side evens out.
int64_t occ_file_system(const char *path);

#endif
