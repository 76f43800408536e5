#define _GNU_SOURCE
#include "new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static int random_name(char *name) {
    uint64_t number;
    if (getrandom(&number, sizeof number, 0) != sizeof number) {
        return EIO;
    }
    snprintf(name, NEW_FILE_NAME_SIZE, NEW_FILE_PREFIX "%016llx" NEW_FILE_SUFFIX, (unsigned long long)number);
    return 0;
}

int new_file_create(int folder, _Bool nameless, char *name, int *descriptor) {
    name[0] = '\0';
    if (nameless) {
        *descriptor = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
        if (*descriptor >= 0) {
            return 0;
        }
    }
    for (int tries = 0; tries < 8; tries++) {
        const int problem = random_name(name);
        if (problem != 0) {
            return problem;
        }
        *descriptor = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (*descriptor >= 0) {
            flock(*descriptor, LOCK_EX | LOCK_NB);
            return 0;
        }
        if (errno != EEXIST) {
            return errno;
        }
    }
    return EEXIST;
}

// Gives a file without a name one.
static int link_nameless(int folder, int descriptor, const char *target) {
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return linkat(AT_FDCWD, path, folder, target, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

static int move(int folder, const char *name, const char *target, _Bool replaces) {
    if (replaces) {
        return renameat(folder, name, folder, target) == 0 ? 0 : errno;
    }
    if (renameat2(folder, name, folder, target, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return errno;
    }
    // A file system without that: a second name fails where there is one, a look before is the last resort.
    if (linkat(folder, name, folder, target, 0) == 0) {
        unlinkat(folder, name, 0);
        return 0;
    }
    if (errno == EEXIST) {
        return EEXIST;
    }
    struct stat status;
    if (fstatat(folder, target, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        return EEXIST;
    }
    return renameat(folder, name, folder, target) == 0 ? 0 : errno;
}

int new_file_publish(int folder, int descriptor, const char *name, const char *target, _Bool replaces) {
    // What the disk has not taken yet may still fail, and must not have the name of a finished file then.
    if (fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS) {
        return errno;
    }
    if (name[0] != '\0') {
        return move(folder, name, target, replaces);
    }
    if (!replaces) {
        return link_nameless(folder, descriptor, target);
    }
    char temporary[NEW_FILE_NAME_SIZE];
    int problem = random_name(temporary);
    if (problem == 0) {
        problem = link_nameless(folder, descriptor, temporary);
    }
    if (problem != 0) {
        return problem;
    }
    problem = renameat(folder, temporary, folder, target) == 0 ? 0 : errno;
    if (problem != 0) {
        unlinkat(folder, temporary, 0);
    }
    return problem;
}

_Bool new_file_is_abandoned(int folder, const char *name) {
    const int descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        return 0;
    }
    const _Bool result = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    close(descriptor);
    return result;
}

static int set_lock(int descriptor, short kind, int64_t place, int64_t length) {
    struct flock lock = {.l_type = kind, .l_whence = SEEK_SET, .l_start = place, .l_len = length};
    if (fcntl(descriptor, F_OFD_SETLK, &lock) == 0) {
        return 0;
    }
    return errno == EACCES ? EAGAIN : errno;
}

int new_file_lock(int descriptor, int64_t place, int64_t length) {
    return set_lock(descriptor, F_WRLCK, place, length);
}

int new_file_unlock(int descriptor, int64_t place, int64_t length) {
    return set_lock(descriptor, F_UNLCK, place, length);
}
