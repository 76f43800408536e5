#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include <libintl.h>
#include <string.h>
#include <gdk/gdkkeysyms.h>
#include "host.h"
#include "call-3.h"

/* g_signal_connect for the kinds of handlers that the dialog has; `release` is called with `data` when the object is
 * gone. */

static inline void
shim_connect (gpointer object, const char *signal, void (*handler) (gpointer object, gpointer data),
              gpointer data, void (*release) (gpointer data, GClosure *closure))
{
  g_signal_connect_data (object, signal, G_CALLBACK (handler), data, release, (GConnectFlags) 0);
}

static inline void
shim_connect_question (gpointer object, const char *signal, gboolean (*handler) (gpointer object, gpointer data),
                       gpointer data, void (*release) (gpointer data, GClosure *closure))
{
  g_signal_connect_data (object, signal, G_CALLBACK (handler), data, release, (GConnectFlags) 0);
}

static inline void
shim_connect_property (gpointer object, const char *signal,
                       void (*handler) (gpointer object, gpointer property, gpointer data), gpointer data,
                       void (*release) (gpointer data, GClosure *closure))
{
  g_signal_connect_data (object, signal, G_CALLBACK (handler), data, release, (GConnectFlags) 0);
}

static inline void
shim_connect_event (gpointer object, const char *signal,
                    gboolean (*handler) (gpointer object, GdkEvent *event, gpointer data),
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

/* Painting: GTK 2 has an event for it, GTK 3 a signal with the context. */
#if GTK_CHECK_VERSION(3, 0, 0)
#define SHIM_PAINT_SIGNAL "draw"
#else
#define SHIM_PAINT_SIGNAL "expose-event"
#endif

static inline void
shim_connect_paint (gpointer widget,
                    gboolean (*handler) (gpointer widget, gpointer event_or_context, gpointer data), gpointer data,
                    void (*release) (gpointer data, GClosure *closure))
{
  g_signal_connect_data (widget, SHIM_PAINT_SIGNAL, G_CALLBACK (handler), data, release, (GConnectFlags) 0);
}

static inline cairo_t *
shim_paint_context (GtkWidget *widget, gpointer event_or_context)
{
#if GTK_CHECK_VERSION(3, 0, 0)
  return cairo_reference (event_or_context);
#else
  return gdk_cairo_create (gtk_widget_get_window (widget));
#endif
}

static inline GtkTextTag *
shim_bold_tag (GtkTextBuffer *buffer)
{
  return gtk_text_buffer_create_tag (buffer, NULL, "weight", PANGO_WEIGHT_BOLD, NULL);
}

/* How many of the screen's pixels, along a side, one of the widget's has; GTK 2 knows no such screens. */
static inline gint
shim_scale_factor (GtkWidget *widget)
{
#if GTK_CHECK_VERSION(3, 10, 0)
  return gtk_widget_get_scale_factor (widget);
#else
  return 1;
#endif
}

/* Shows a picture that has `scale` of the screen's pixels, along a side, for one of the widget's. */
static inline void
shim_show_pixbuf (GtkWidget *image, GdkPixbuf *picture, gint scale)
{
#if GTK_CHECK_VERSION(3, 10, 0)
  cairo_surface_t *surface = gdk_cairo_surface_create_from_pixbuf (picture, scale, NULL);
  gtk_image_set_from_surface (GTK_IMAGE (image), surface);
  cairo_surface_destroy (surface);
#else
  gtk_image_set_from_pixbuf (GTK_IMAGE (image), picture);
#endif
}

/* Pixels of the smallest of the screens that a window may come to. */
static inline void
shim_smallest_screen (GtkWidget *window, gint *width, gint *height)
{
  gint number;
  GdkRectangle place;
  *width = *height = G_MAXINT;
#if GTK_CHECK_VERSION(3, 22, 0)
  GdkDisplay *display = gtk_widget_get_display (window);
  for (number = 0; number < gdk_display_get_n_monitors (display); number++)
    {
      gdk_monitor_get_geometry (gdk_display_get_monitor (display, number), &place);
#else
  GdkScreen *screen = gtk_widget_get_screen (window);
  for (number = 0; number < gdk_screen_get_n_monitors (screen); number++)
    {
      gdk_screen_get_monitor_geometry (screen, number, &place);
#endif
      *width = MIN (*width, place.width);
      *height = MIN (*height, place.height);
    }
}

/* Lets a list of choices be narrower than its longest title. GTK 2 would then make it as narrow as it can be, so that
 * there it is done only to one that would be wide for the screen. */
static inline void
shim_let_shrink (GtkWidget *combo)
{
#if GTK_CHECK_VERSION(3, 0, 0)
  g_object_set (combo, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
#else
  GtkRequisition size;
  gint width, height;
  shim_smallest_screen (combo, &width, &height);
  gtk_widget_size_request (combo, &size);
  if (size.width <= width / 4) return;
  g_object_set (combo, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  gtk_widget_set_size_request (combo, width / 4, -1);
#endif
}

/* The same of a list of texts, whose longest may be of any length: it asks for so many pixels, but never for more than
 * a sixth of the screen. */
static inline void
shim_let_texts_shrink (GtkWidget *combo, gint wanted)
{
  GList *cells = gtk_cell_layout_get_cells (GTK_CELL_LAYOUT (combo));
  gint width, height;
  shim_smallest_screen (combo, &width, &height);
  g_object_set (cells->data, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  gtk_widget_set_size_request (combo, MIN (wanted, width / 6), -1);
  g_list_free (cells);
}

#if ! GTK_CHECK_VERSION(3, 0, 0)
static inline void
shim_copy_color (GtkWidget *label, GtkStyle *before, gpointer data)
{
  GtkStyle *style = gtk_widget_get_style (label);
  /* Changing it calls this again. */
  if (! gdk_color_equal (&style->fg[GTK_STATE_ACTIVE], &style->fg[GTK_STATE_NORMAL]))
    gtk_widget_modify_fg (label, GTK_STATE_ACTIVE, &style->fg[GTK_STATE_NORMAL]);
}
#endif

/* Writes a label in the colour of all others while the button that it is on is pressed in or ticked: GIMP 2.10's themes
 * have the grey of what cannot be used for that. */
static inline void
shim_keep_color (GtkWidget *label)
{
#if ! GTK_CHECK_VERSION(3, 0, 0)
  g_signal_connect (label, "style-set", G_CALLBACK (shim_copy_color), NULL);
#endif
}

/* An icon. GTK 2 has those that GIMP 2.10's icon themes lack in its stock; GTK 3 would show what is in its stock in
 * colors that GIMP's themes do not know. */
static inline GtkWidget *
shim_icon (const char *stock, const char *name, GtkIconSize size)
{
#if GTK_CHECK_VERSION(3, 0, 0)
  return gtk_image_new_from_icon_name (name, size);
#else
  return gtk_image_new_from_stock (stock, size);
#endif
}

/* Pixels that a widget wants to have, whether or not its window is on the screen. */
static inline GtkRequisition
shim_wanted_size (GtkWidget *widget)
{
  GtkRequisition size;
#if GTK_CHECK_VERSION(3, 0, 0)
  gtk_widget_get_preferred_size (widget, NULL, &size);
#else
  gtk_widget_size_request (widget, &size);
#endif
  return size;
}

/* Gives the label on a check box the place that it takes in bold letters, with what the theme has about them: GIMP 3's
 * themes write what is ticked so, which would move what stands beside it. */
static inline void
shim_keep_size (GtkWidget *label)
{
#if GTK_CHECK_VERSION(3, 0, 0)
  PangoAttrList *bold = pango_attr_list_new ();
  GtkRequisition size;
  pango_attr_list_insert (bold, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes (GTK_LABEL (label), bold);
  size = shim_wanted_size (label);
  gtk_label_set_attributes (GTK_LABEL (label), NULL);
  gtk_widget_set_size_request (label, size.width, size.height);
  pango_attr_list_unref (bold);
#endif
}

/* Lets the bar of a scrolled area be seen without the pointer over it. */
static inline void
shim_keep_scrollbar (GtkWidget *scroller)
{
#if GTK_CHECK_VERSION(3, 16, 0)
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (scroller), FALSE);
#endif
}

/* How many bytes of tiles GEGL keeps in this process. */
static inline void
shim_limit_tile_cache (guint64 bytes)
{
  g_object_set (gegl_config (), "tile-cache-size", bytes, NULL);
}
