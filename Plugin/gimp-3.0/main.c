/* The program that GIMP 3 starts. All work is done by libAnimePlugin.so, which lies in the same folder; this file only opens
 * it, so that a broken or missing library ends in a sentence instead of a loader's error, and gives GIMP the one class that
 * it wants to see, whose methods are the library's functions. */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libgimp/gimp.h>

#define LIBRARY "libAnimePlugin.so"
#define NAMES_ENTRY_POINT "gimp_anime_style_procedure_names"
#define CREATE_ENTRY_POINT "gimp_anime_style_create_procedure"

/* The program starts itself with this word and a model's id, to try a model that the user added; GIMP never does. */
#define TRY_MODEL "try-model"
#define TRY_MODEL_ENTRY_POINT "gimp_anime_style_try_model"

typedef GList         *(*Names) (void);
typedef GimpProcedure *(*Create) (GimpPlugIn *plug_in, const gchar *name);
typedef void           (*TryModel) (const char *id);

/* The library's functions: the methods of a class take no data of ours. */
static Names  procedure_names;
static Create create_procedure;

struct _AnimeStyle
{
  GimpPlugIn parent_instance;
};

#define ANIME_TYPE_STYLE (anime_style_get_type ())
G_DECLARE_FINAL_TYPE (AnimeStyle, anime_style, ANIME, STYLE, GimpPlugIn)
G_DEFINE_TYPE (AnimeStyle, anime_style, GIMP_TYPE_PLUG_IN)

static GList *
query_procedures (GimpPlugIn *plug_in)
{
  return procedure_names ();
}

static GimpProcedure *
make_procedure (GimpPlugIn *plug_in, const gchar *name)
{
  return create_procedure (plug_in, name);
}

/* The catalogues lie in locale/ beside this program, under the name of the project. */
static gboolean
set_i18n (GimpPlugIn *plug_in, const gchar *procedure_name, gchar **domain, gchar **folder)
{
  *domain = g_strdup ("gimp-anime-style");
  *folder = NULL;
  return TRUE;
}

static void
anime_style_class_init (AnimeStyleClass *klass)
{
  GimpPlugInClass *plug_in = GIMP_PLUG_IN_CLASS (klass);

  plug_in->query_procedures = query_procedures;
  plug_in->create_procedure = make_procedure;
  plug_in->set_i18n         = set_i18n;
}

static void
anime_style_init (AnimeStyle *self)
{
}

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
  char     path[PATH_MAX];
  void    *library;
  TryModel try_model;

  if (! library_path (path, sizeof path))
    strcpy (path, LIBRARY);
  library = dlopen (path, RTLD_NOW | RTLD_LOCAL);
  if (library)
    {
      procedure_names  = (Names) dlsym (library, NAMES_ENTRY_POINT);
      create_procedure = (Create) dlsym (library, CREATE_ENTRY_POINT);
    }
  if (procedure_names == NULL || create_procedure == NULL)
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
  return gimp_main (ANIME_TYPE_STYLE, argc, argv);
}
