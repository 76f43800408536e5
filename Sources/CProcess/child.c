#define _GNU_SOURCE
#include "child.h"

#include <signal.h>

bool process_admit_limits(posix_spawnattr_t *attributes) {
    sigset_t none, limits;
    sigemptyset(&none);
    sigemptyset(&limits);
    sigaddset(&limits, SIGALRM);
    sigaddset(&limits, SIGXCPU);
    return posix_spawnattr_setsigmask(attributes, &none) == 0 && posix_spawnattr_setsigdefault(attributes, &limits) == 0
        && posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0;
}
