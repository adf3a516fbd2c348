#ifndef OCC_EXPORT_CSYSTEM_H
#define OCC_EXPORT_CSYSTEM_H

#include <stddef.h>

/// renameat2(2) with RENAME_NOREPLACE between two paths: 0, or the errno of the failure.
/// Glibc hides renameat2 behind _GNU_SOURCE, which a Swift import cannot define.
int occ_rename_noreplace(const char *from, const char *to);

#endif
