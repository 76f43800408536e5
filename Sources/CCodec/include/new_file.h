#ifndef NEW_FILE_H
#define NEW_FILE_H

// What the system offers for files that appear whole or not at all and for work that several processes share; Swift
// cannot call it by these names. All return 0 or an errno, and follow no link at the end of a name.

#include <stdint.h>

/// Room for a temporary name.
#define NEW_FILE_NAME_SIZE 40
/// Start and end of every temporary name.
#define NEW_FILE_PREFIX ".anime-style-"
#define NEW_FILE_SUFFIX ".part"

/// A new file of its own in `folder`: without a name where the file system can (`*name` is empty then) and `nameless`
/// asks for it, else under a name that nobody can foretell, and locked (flock), so that others see that it is in use.
int new_file_create(int folder, _Bool nameless, char *name, int *descriptor);

/// Gives the file the name `target`. Without `replaces` it fails with EEXIST where there is something of that name.
int new_file_publish(int folder, int descriptor, const char *name, const char *target, _Bool replaces);

/// Whether no process has the file `name` in use; it is opened and locked for that.
_Bool new_file_is_abandoned(int folder, const char *name);

/// Takes or gives back `length` bytes (0: all) of `descriptor` from `place` on, for this open file alone: EAGAIN where
/// another has them. Such a lock goes with its process, however that ends, and is seen by other machines that share the
/// folder.
int new_file_lock(int descriptor, int64_t place, int64_t length);
int new_file_unlock(int descriptor, int64_t place, int64_t length);

#endif
