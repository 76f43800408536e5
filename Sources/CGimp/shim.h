#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include <libintl.h>
