#ifndef CPROCESS_CHILD_H
#define CPROCESS_CHILD_H

#include <spawn.h>
#include <stdbool.h>

/// Lets a child be ended by its limits of time. They come as signals, which a thread of a work queue has blocked.
/// Whether an interruption of the whole group is ignored stays as it is: what is being written is finished.
bool process_admit_limits(posix_spawnattr_t *attributes);

#endif
