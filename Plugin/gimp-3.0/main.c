/* The program that GIMP 3 starts. All work is done by libAnimePlugin.so, which lies in the same folder; this file only
 * opens it and gives GIMP the one class that it wants to see, whose methods are the library's functions. */
#include <libgimp/gimp.h>

#include "../library.h"

typedef GList         *(*Names) (void);
typedef GimpProcedure *(*Create) (GimpPlugIn *plug_in, const gchar *name);

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

int
main (int argc, char **argv)
{
  void *library = open_library ();

  if (library)
    {
      procedure_names  = (Names) dlsym (library, "gimp_anime_style_procedure_names");
      create_procedure = (Create) dlsym (library, "gimp_anime_style_create_procedure");
    }
  if (procedure_names == NULL || create_procedure == NULL)
    return say_that_it_cannot_be_loaded ();
  if (has_tried_model (library, argc, argv))
    return 1;
  return end_program (gimp_main (ANIME_TYPE_STYLE, argc, argv));
}
