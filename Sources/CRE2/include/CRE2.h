/* Regular expressions in linear time: the part of RE2 (github.com/google/re2) that the program uses, as C. */
#ifndef OCC_EXPORT_CRE2_H
#define OCC_EXPORT_CRE2_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A compiled pattern; safe to use from several threads at once. */
typedef struct CRE2Pattern CRE2Pattern;

/*
 * Compiles a pattern in RE2's syntax. Returns NULL where it is none and writes why, as text ended by
 * zero, into `message`, which has `capacity` bytes.
 */
CRE2Pattern *_Nullable cre2_compile(
    const char *_Nonnull pattern, size_t length, char *_Nonnull message, size_t capacity
);

/* Whether the pattern is found anywhere in the text, or, with `whole`, is the text. */
bool cre2_matches(
    const CRE2Pattern *_Nonnull pattern, const char *_Nullable text, size_t length, bool whole
);

/* Frees a pattern. */
void cre2_free(CRE2Pattern *_Nonnull pattern);

#ifdef __cplusplus
}
#endif

#endif
