#define _GNU_SOURCE
#include "codec.h"

#include "child.h"
#include "program.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

// What a decoder may know of the user's environment: where its libraries lie.
static const char *const kept_variables[] = {"LD_LIBRARY_PATH", "GDK_PIXBUF_MODULE_FILE", "GDK_PIXBUF_MODULEDIR",
                                             "LIBHEIF_PLUGIN_PATH"};
#define KEPT_VARIABLES (sizeof kept_variables / sizeof *kept_variables)

static void fill_environment(char *(*environment)[KEPT_VARIABLES + 2], char *texts, size_t size) {
    size_t count = 0, used = 0;
    (*environment)[count++] = "LC_ALL=C.UTF-8";
    for (size_t i = 0; i < KEPT_VARIABLES; i++) {
        const char *value = getenv(kept_variables[i]);
        if (value == NULL) {
            continue;
        }
        const int length = snprintf(texts + used, size - used, "%s=%s", kept_variables[i], value);
        if (length > 0 && (size_t)length < size - used) {
            (*environment)[count++] = texts + used;
            used += (size_t)length + 1;
        }
    }
    (*environment)[count] = NULL;
}

static pid_t spawn(const char *program, const char *const *arguments, int input, int output, int file) {
    char *environment[KEPT_VARIABLES + 2];
    char texts[4 * PATH_MAX];
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    pid_t child = -1;
    // What cannot be set up fails for want of memory alone.
    int problem = ENOMEM;

    fill_environment(&environment, texts, sizeof texts);
    if (posix_spawn_file_actions_init(&files) != 0) {
        return -problem;
    }
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return -problem;
    }
    if (process_admit_limits(&attributes) && posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO) == 0
        && posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO) == 0
        && posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0
        && posix_spawn_file_actions_adddup2(&files, file, CODEC_FILE) == 0
        && posix_spawn_file_actions_addclosefrom_np(&files, CODEC_FILE + 1) == 0) {
        problem = posix_spawn(&child, program, &files, &attributes, (char *const *)arguments, environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return problem == 0 ? child : -problem;
}

pid_t codec_start(const char *program, const char *const *arguments, int input, int file, int *output) {
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -errno;
    }
    // Above the numbers that they are to get, so that none is overwritten before it is copied.
    const int first = CODEC_FILE + 1;
    const int sources[3] = {fcntl(input, F_DUPFD_CLOEXEC, first), fcntl(ends[1], F_DUPFD_CLOEXEC, first),
                            fcntl(file, F_DUPFD_CLOEXEC, first)};
    // A number above the limit of the process is EINVAL to fcntl.
    pid_t child = errno == EINVAL ? -EMFILE : -errno;
    if (sources[0] >= 0 && sources[1] >= 0 && sources[2] >= 0) {
        child = spawn(program, arguments, sources[0], sources[1], sources[2]);
    }
    for (int i = 0; i < 3; i++) {
        if (sources[i] >= 0) {
            close(sources[i]);
        }
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
    } else {
        *output = ends[0];
    }
    return child;
}

int codec_temporary_file(void) {
    const char *chosen = getenv("TMPDIR");
    const char *const folders[] = {chosen != NULL && *chosen == '/' ? chosen : "/var/tmp", "/var/tmp", "/tmp"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const int descriptor = open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
        if (descriptor >= 0) {
            return descriptor;
        }
    }
    return memfd_create("samples", MFD_CLOEXEC);
}

_Bool codec_socket_pair(int *ends) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0; }

_Bool codec_own_folder(char *folder, size_t size) {
    Dl_info here;
    char path[PATH_MAX];
    const _Bool found = dladdr((void *)codec_own_folder, &here) != 0 && here.dli_fname != NULL
                        && strstr(here.dli_fname, ".so") != NULL && realpath(here.dli_fname, path) != NULL;
    if (!found && !process_program_path(path, sizeof path)) {
        return 0;
    }
    char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return 0;
    }
    *slash = '\0';
    return (size_t)snprintf(folder, size, "%s", path) < size;
}
