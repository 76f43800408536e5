#define _GNU_SOURCE
#include "trial.h"

#include <fcntl.h>
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

bool copenvino_confine_process(unsigned long long bytes, unsigned seconds) {
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && limit(RLIMIT_CORE, 0) && limit(RLIMIT_CPU, seconds) && limit(RLIMIT_AS, bytes);
}

pid_t copenvino_start_process(const char *const *arguments, int *output) {
    int ends[2];
    pid_t child = -1;
    posix_spawn_file_actions_t files;

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    bool ready = posix_spawn_file_actions_init(&files) == 0;
    if (ready) {
        ready = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0
            && posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO) == 0
            && posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0
            && posix_spawn_file_actions_addclosefrom_np(&files, 3) == 0
            && posix_spawn(&child, arguments[0], &files, NULL, (char *const *)arguments, environ) == 0;
        posix_spawn_file_actions_destroy(&files);
    }
    close(ends[1]);
    if (!ready) {
        close(ends[0]);
        return -1;
    }
    *output = ends[0];
    return child;
}
