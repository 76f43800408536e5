#define _GNU_SOURCE
#include "trial.h"

#include "child.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

extern char **environ;

static bool limit(int resource, unsigned long long value) {
    const struct rlimit bound = {.rlim_cur = value, .rlim_max = value};
    return setrlimit(resource, &bound) == 0;
}

void copenvino_spare_addresses(void) {
    struct rlimit bound;
    if (getrlimit(RLIMIT_AS, &bound) == 0 && bound.rlim_cur < (rlim_t)6 << 30) {
        mallopt(M_ARENA_MAX, 2);
    }
}

void copenvino_return_memory(void) { malloc_trim(0); }

bool copenvino_limit_processor_time(unsigned seconds) {
    struct rlimit bound;
    if (getrlimit(RLIMIT_CPU, &bound) != 0) {
        return false;
    }
    bound.rlim_cur = seconds < bound.rlim_max ? seconds : bound.rlim_max;
    return setrlimit(RLIMIT_CPU, &bound) == 0;
}

bool copenvino_confine_process(unsigned long long bytes, unsigned seconds) {
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && limit(RLIMIT_CORE, 0) && copenvino_limit_processor_time(seconds)
        && limit(RLIMIT_AS, bytes);
}

pid_t copenvino_start_process(const char *const *arguments, int *output) {
    int ends[2];
    pid_t child = -1;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    if (posix_spawnattr_init(&attributes) != 0) {
        close(ends[0]);
        close(ends[1]);
        return -1;
    }
    bool ready = posix_spawn_file_actions_init(&files) == 0;
    if (ready) {
        ready = process_admit_limits(&attributes)
            && posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0
            && posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO) == 0
            && posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0
            && posix_spawn_file_actions_addclosefrom_np(&files, 3) == 0
            && posix_spawn(&child, arguments[0], &files, &attributes, (char *const *)arguments, environ) == 0;
        posix_spawn_file_actions_destroy(&files);
    }
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    if (!ready) {
        close(ends[0]);
        return -1;
    }
    *output = ends[0];
    return child;
}
