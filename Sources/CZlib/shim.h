#ifndef OCC_EXPORT_CZLIB_SHIM_H
#define OCC_EXPORT_CZLIB_SHIM_H

#include <zlib.h>

/// deflateInit2 is a macro over the version and structure size, which Swift cannot call: raw deflate
/// (no zlib header), as zip members have it.
static inline int occ_deflateInit(z_stream *stream) {
    return deflateInit2(stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}

/// The same for inflateInit2.
static inline int occ_inflateInit(z_stream *stream) { return inflateInit2(stream, -15); }

#endif
