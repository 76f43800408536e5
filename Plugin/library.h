/* The plug-in's library, opened by the program that GIMP starts: what the entries of GIMP 2.10 and GIMP 3 share.  A
 * broken or missing library ends in a sentence instead of a loader's error. */
#ifndef ANIME_STYLE_LIBRARY_H
#define ANIME_STYLE_LIBRARY_H

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "program.h"

#define LIBRARY "libAnimePlugin.so"

/* The program starts itself with this word and a model's id, to try a model that the user added; GIMP never does. */
#define TRY_MODEL "try-model"
#define TRY_MODEL_ENTRY_POINT "gimp_anime_style_try_model"

/* Path of the library beside this program, links followed; 0 when it cannot be told. */
static int
library_path (char *path, size_t capacity)
{
  char *slash;

  if (! process_program_path (path, capacity))
    return 0;
  slash = strrchr (path, '/');
  if (slash == NULL || (size_t) (slash + 1 - path) + sizeof LIBRARY > capacity)
    return 0;
  strcpy (slash + 1, LIBRARY);
  return 1;
}

/* Ends the program without the libraries' destructors: a preview that was left may still be drawn on other threads,
 * which would crash in libraries that are gone. */
static int
end_program (int status)
{
  fflush (NULL);
  _exit (status);
}

/* The library, NULL when it cannot be loaded. */
static void *
open_library (void)
{
  char path[PATH_MAX];

  if (! library_path (path, sizeof path))
    strcpy (path, LIBRARY);
  return dlopen (path, RTLD_NOW | RTLD_LOCAL);
}

static int
say_that_it_cannot_be_loaded (void)
{
  fprintf (stderr,
           "gimp-anime-style: a part of the plug-in cannot be loaded (%s); run ./install.sh again.\n",
           dlerror ());
  return 1;
}

/* Whether this program was started to try a model, which is done then; it comes back only when the trial failed. */
static int
has_tried_model (void *library, int argc, char **argv)
{
  void (*try_model) (const char *id, const char *word);

  if (argc != 4 || strcmp (argv[1], TRY_MODEL) != 0)
    return 0;
  try_model = (void (*) (const char *, const char *)) dlsym (library, TRY_MODEL_ENTRY_POINT);
  if (try_model != NULL)
    try_model (argv[2], argv[3]);
  return 1;
}

#endif
