import Foundation

/// A module that GTK loads into the filter: it writes down, again and again, which widgets are on the screen, where,
/// and what they say, so that tests can click on what a user would.
enum WidgetSpy {
    /// One for all windows.
    private static let module = Result { try compile(in: GimpSession.shared.get().folder) }

    /// What tells GTK to load it; the list of widgets is written to `list`.
    static func environment(list: URL) throws -> [String: String] {
        ["GTK_MODULES": try module.get().path, "WIDGET_SPY": list.path]
    }

    private static func compile(in folder: URL) throws -> URL {
        let code = folder.appendingPathComponent("widget-spy.c"),
            module = folder.appendingPathComponent("widget-spy.so")
        try source.write(to: code, atomically: true, encoding: .utf8)
        let gtk = GimpHost.is3 ? "gtk+-3.0" : "gtk+-2.0"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = GimpHost.current.command([
            "sh", "-c", "cc -shared -fPIC -w -o '\(module.path)' '\(code.path)' $(pkg-config --cflags --libs \(gtk))",
        ])
        process.environment = ProcessInfo.processInfo.environment.merging(GimpHost.current.environment) { $1 }
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw SetupError(
                description:
                    "The tests' GTK module cannot be compiled; run ./install.sh --test, which installs what it needs.")
        }
        return module
    }

    /// One line for each widget: window, type, name, x, y, width, height, whether it can be used, value; a label's is
    /// “cut” where its end is left out.
    private static let source = #"""
        #define _GNU_SOURCE
        #include <gtk/gtk.h>
        #include <errno.h>
        #include <stdio.h>
        #include <string.h>
        #include <unistd.h>

        static const char *title = "";

        static void put (FILE *file, const char *text, char end)
        {
          for (; text && *text; text++) fputc (*text == '\t' || *text == '\n' ? ' ' : *text, file);
          fputc (end, file);
        }

        static char *name_of (GtkWidget *widget)
        {
          const char *text = NULL;
          if (GTK_IS_TOGGLE_BUTTON (widget) && gtk_bin_get_child (GTK_BIN (widget))
              && GTK_IS_CONTAINER (gtk_bin_get_child (GTK_BIN (widget))))
            text = atk_object_get_name (gtk_widget_get_accessible (widget));
          else if (GTK_IS_BUTTON (widget)) text = gtk_button_get_label (GTK_BUTTON (widget));
          else if (GTK_IS_EXPANDER (widget)) text = gtk_expander_get_label (GTK_EXPANDER (widget));
          else if (GTK_IS_LABEL (widget)) text = gtk_label_get_text (GTK_LABEL (widget));
          return text && *text ? g_strdup (text) : gtk_widget_get_tooltip_text (widget);
        }

        // Of the picture itself, 0 where there is none but an icon or a clear picture, which keeps a place.
        static int columns_of (GtkImage *image)
        {
          int columns = 0;
          if (gtk_image_get_storage_type (image) == GTK_IMAGE_PIXBUF
              && !gdk_pixbuf_get_has_alpha (gtk_image_get_pixbuf (image)))
            columns = gdk_pixbuf_get_width (gtk_image_get_pixbuf (image));
        #if GTK_CHECK_VERSION (3, 10, 0)
          if (gtk_image_get_storage_type (image) == GTK_IMAGE_SURFACE)
            {
              cairo_surface_t *surface = NULL;
              g_object_get (image, "surface", &surface, NULL);
              columns = cairo_image_surface_get_width (surface);
              cairo_surface_destroy (surface);
            }
        #endif
          return columns;
        }

        static char *value_of (GtkWidget *widget)
        {
          if (GTK_IS_TEXT_VIEW (widget))
            {
              GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget));
              GtkTextIter start, end;
              gtk_text_buffer_get_bounds (buffer, &start, &end);
              return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
            }
          if (GTK_IS_LABEL (widget))
            return pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))) ? g_strdup ("cut") : NULL;
          if (GTK_IS_IMAGE (widget)) return g_strdup_printf ("%d", columns_of (GTK_IMAGE (widget)));
          if (GTK_IS_TOGGLE_BUTTON (widget))
            return g_strdup (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (widget)) ? "1" : "0");
          if (GTK_IS_EXPANDER (widget)) return g_strdup (gtk_expander_get_expanded (GTK_EXPANDER (widget)) ? "1" : "0");
          if (GTK_IS_ENTRY (widget)) return g_strdup (gtk_entry_get_text (GTK_ENTRY (widget)));
          if (GTK_IS_COMBO_BOX_TEXT (widget)) return gtk_combo_box_text_get_active_text (GTK_COMBO_BOX_TEXT (widget));
          if (GTK_IS_COMBO_BOX (widget))
            return g_strdup_printf ("%d", gtk_combo_box_get_active (GTK_COMBO_BOX (widget)));
          return NULL;
        }

        static void visit (GtkWidget *widget, gpointer data)
        {
          FILE *file = data;
          GtkAllocation place;
          int x = 0, y = 0;
          if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_window (widget)) return;
          gtk_widget_get_allocation (widget, &place);
          gdk_window_get_origin (gtk_widget_get_window (widget), &x, &y);
          if (!gtk_widget_get_has_window (widget)) { x += place.x; y += place.y; }
          char *name = name_of (widget), *value = value_of (widget);
          put (file, title, '\t');
          put (file, G_OBJECT_TYPE_NAME (widget), '\t');
          put (file, name, '\t');
          fprintf (file, "%d\t%d\t%d\t%d\t%d\t", x, y, place.width, place.height, gtk_widget_is_sensitive (widget));
          put (file, value, '\n');
          g_free (name);
          g_free (value);
          // What GTK 3 has folded away counts as mapped.
          if (GTK_IS_EXPANDER (widget) && !gtk_expander_get_expanded (GTK_EXPANDER (widget))) return;
          if (GTK_IS_CONTAINER (widget)) gtk_container_forall (GTK_CONTAINER (widget), visit, file);
        }

        static gboolean write_list (gpointer path)
        {
          static gint64 written;
          // At once where the last list was taken away.
          if (g_get_monotonic_time () - written < 100000 && access (path, F_OK) == 0) return TRUE;
          written = g_get_monotonic_time ();
          char *new = g_strconcat (path, ".new", NULL);
          FILE *file = fopen (new, "w");
          if (!file) return TRUE;
          GList *windows = gtk_window_list_toplevels ();
          for (GList *each = windows; each; each = each->next)
            {
              title = gtk_window_get_title (GTK_WINDOW (each->data));
              visit (each->data, file);
            }
          g_list_free (windows);
          fclose (file);
          rename (new, path);
          g_free (new);
          return TRUE;
        }

        void gtk_module_init (gint *count, char ***arguments)
        {
          const char *path = g_getenv ("WIDGET_SPY");
          if (path && !strcmp (program_invocation_short_name, "gimp-anime-style"))
            // After all that keys and clicks have the window do, what it does at short intervals included.
            g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE + 10, 25, write_list, g_strdup (path), NULL);
        }
        """#
}
