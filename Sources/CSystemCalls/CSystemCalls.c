#define _GNU_SOURCE
#include "CSystemCalls.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

int occ_rename_noreplace(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ? 0 : errno;
}

int occ_sync_file_system(int descriptor) {
    return syncfs(descriptor) == 0 ? 0 : errno;
}

int occ_code_page(const char *name, uint32_t *table) {
    iconv_t converter = iconv_open("UTF-32LE", name);
    if (converter == (iconv_t)-1) return errno;
    for (int byte = 0; byte < 256; byte++) {
        char input[1] = {(char)byte};
        unsigned char output[8] = {0};
        char *from = input, *to = (char *)output;
        size_t left = 1, room = sizeof output;
        iconv(converter, NULL, NULL, NULL, NULL);
        size_t result = iconv(converter, &from, &left, &to, &room);
        int written = (int)(sizeof output - room);
        table[byte] = result == (size_t)-1 || written != 4
            ? UINT32_MAX
            : (uint32_t)output[0] | (uint32_t)output[1] << 8 | (uint32_t)output[2] << 16
                | (uint32_t)output[3] << 24;
    }
    iconv_close(converter);
    return 0;
}

// Set by a handler and read by other threads: a sig_atomic_t orders nothing between threads, a lock-free
// atomic is the other kind of object that a handler may touch (C11, 7.14.1.1).
static atomic_int noted_signal = 0;
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a signal handler needs atomics without locks");

static void note_signal(int number) { atomic_store(&noted_signal, number); }

void occ_note_signals(void) {
    struct sigaction action = {0};
    action.sa_handler = note_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

int occ_noted_signal(void) { return atomic_load(&noted_signal); }

int occ_forbid_core_dumps(void) {
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return errno;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : errno;
}
