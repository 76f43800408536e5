#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include <libintl.h>
#include <gdk/gdkkeysyms.h>

/* g_signal_connect for the three kinds of handlers that the dialog has; `release` is called with `data` when the object is gone. */

static inline void
shim_connect (gpointer object, const char *signal, void (*handler) (gpointer object, gpointer data),
              gpointer data, void (*release) (gpointer data, GClosure *closure))
{
  g_signal_connect_data (object, signal, G_CALLBACK (handler), data, release, (GConnectFlags) 0);
}

static inline void
shim_connect_event (gpointer object, const char *signal, gboolean (*handler) (gpointer object, GdkEvent *event, gpointer data),
                    gpointer data, void (*release) (gpointer data, GClosure *closure))
{
  g_signal_connect_data (object, signal, G_CALLBACK (handler), data, release, (GConnectFlags) 0);
}

static inline void
shim_connect_response (gpointer object, void (*handler) (gpointer object, gint response, gpointer data),
                       gpointer data, void (*release) (gpointer data, GClosure *closure))
{
  g_signal_connect_data (object, "response", G_CALLBACK (handler), data, release, (GConnectFlags) 0);
}
