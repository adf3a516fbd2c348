#ifndef OCC_EXPORT_CSYSTEMCALLS_H
#define OCC_EXPORT_CSYSTEMCALLS_H

#include <stddef.h>
#include <stdint.h>

/// renameat2(2) with RENAME_NOREPLACE between two paths: 0, or the errno of the failure.
/// Glibc hides renameat2 behind _GNU_SOURCE, which a Swift import cannot define.
int occ_rename_noreplace(const char *from, const char *to);

/// syncfs(2), which glibc hides as well: 0, or the errno of the failure.
int occ_sync_file_system(int descriptor);

/// Fills table[b] with the code point of byte b in a code page that iconv(3) knows, UINT32_MAX where
/// the page has none: 0, or the errno of iconv_open(3).
/// iconv's own pointers to pointers are awkward and unsafe in Swift; 256 calls once cost nothing.
int occ_code_page(const char *name, uint32_t *table);

/// From now on SIGTERM and SIGINT are only noted (sigaction(2)); a handler may do no more in Swift.
void occ_note_signals(void);

/// The signal noted last; 0 before the first.
int occ_noted_signal(void);

/// Lets no core dump of this process be written, neither to a file nor through a pipe (setrlimit(2),
/// prctl(2), which is variadic): 0, or the errno of the failure.
int occ_forbid_core_dumps(void);

#endif
