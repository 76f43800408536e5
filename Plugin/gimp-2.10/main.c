/* The program that GIMP 2.10 starts. All work is done by libAnimePlugin.so, which lies in the same folder; this file
 * only opens it, so that a broken or missing library ends in a sentence instead of a loader's error. */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libgimp/gimp.h>

#define LIBRARY "libAnimePlugin.so"
#define ENTRY_POINT "gimp_anime_style_plug_in_info"

/* The program starts itself with this word and a model's id, to try a model that the user added; GIMP never does. */
#define TRY_MODEL "try-model"
#define TRY_MODEL_ENTRY_POINT "gimp_anime_style_try_model"

typedef void (*DescribePlugIn) (GimpPlugInInfo *info);
typedef void (*TryModel) (const char *id);

/* Path of the library beside this program, links followed; 0 when it cannot be told. */
static int
library_path (char *path, size_t capacity)
{
  ssize_t length = readlink ("/proc/self/exe", path, capacity - 1);
  char   *slash;

  if (length <= 0)
    return 0;
  path[length] = '\0';
  slash = strrchr (path, '/');
  if (slash == NULL || (size_t) (slash + 1 - path) + sizeof LIBRARY > capacity)
    return 0;
  strcpy (slash + 1, LIBRARY);
  return 1;
}

int
main (int argc, char **argv)
{
  char            path[PATH_MAX];
  void           *library;
  DescribePlugIn  describe;
  TryModel        try_model;
  GimpPlugInInfo  info = { NULL, NULL, NULL, NULL };

  if (! library_path (path, sizeof path))
    strcpy (path, LIBRARY);
  library = dlopen (path, RTLD_NOW | RTLD_LOCAL);
  describe = library ? (DescribePlugIn) dlsym (library, ENTRY_POINT) : NULL;
  if (describe == NULL)
    {
      fprintf (stderr,
               "gimp-anime-style: a part of the plug-in cannot be loaded (%s); run ./install.sh again.\n",
               dlerror ());
      return 1;
    }
  if (argc == 3 && strcmp (argv[1], TRY_MODEL) == 0)
    {
      try_model = (TryModel) dlsym (library, TRY_MODEL_ENTRY_POINT);
      if (try_model != NULL)
        try_model (argv[2]);
      return 1;
    }
  describe (&info);
  return gimp_main (&info, argc, argv);
}
