/* The program that GIMP 2.10 starts. All work is done by libAnimePlugin.so, which lies in the same folder; this file
 * only opens it and hands it to GIMP. */
#include <libgimp/gimp.h>

#include "../library.h"

typedef void (*DescribePlugIn) (GimpPlugInInfo *info);

int
main (int argc, char **argv)
{
  void           *library  = open_library ();
  DescribePlugIn  describe = library ? (DescribePlugIn) dlsym (library, "gimp_anime_style_plug_in_info") : NULL;
  GimpPlugInInfo  info     = { NULL, NULL, NULL, NULL };

  if (describe == NULL)
    return say_that_it_cannot_be_loaded ();
  if (has_tried_model (library, argc, argv))
    return 1;
  describe (&info);
  return end_program (gimp_main (&info, argc, argv));
}
