#ifndef CPROCESS_PROGRAM_H
#define CPROCESS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

/// Path of the running program as the kernel names it, links followed: the first argument may be a bare name that was
/// found through `PATH`. Inline, since GIMP's entry is linked to nothing of this package.
/// - Returns: whether it is known and fits into `capacity` bytes, the zero at its end included.
static inline bool process_program_path(char *path, size_t capacity) {
    const ssize_t length = readlink("/proc/self/exe", path, capacity);
    if (length <= 0 || (size_t)length >= capacity) {
        return false;
    }
    path[length] = '\0';
    return true;
}

#endif
