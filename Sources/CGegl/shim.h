#include <gegl.h>
#include <gio/gio.h>

// Swift cannot call variadic functions; each of these is one call of gegl_node_new_child.

static inline GeglNode *shim_load_node(GeglNode *graph, const char *operation, const char *path) {
    return gegl_node_new_child(graph, "operation", operation, "path", path, NULL);
}

static inline GeglNode *shim_buffer_sink_node(GeglNode *graph, GeglBuffer **result) {
    return gegl_node_new_child(graph, "operation", "gegl:buffer-sink", "buffer", result, NULL);
}

static inline GeglNode *shim_buffer_source_node(GeglNode *graph, GeglBuffer *buffer) {
    return gegl_node_new_child(graph, "operation", "gegl:buffer-source", "buffer", buffer, NULL);
}

static inline GeglNode *shim_save_node(GeglNode *graph, const char *operation, const char *path) {
    return gegl_node_new_child(graph, "operation", operation, "path", path, NULL);
}

static inline GeglNode *shim_save_node_with_integer(GeglNode *graph, const char *operation, const char *path,
                                                    const char *property, int value) {
    return gegl_node_new_child(graph, "operation", operation, "path", path, property, value, NULL);
}

// A GLogFunc that counts; GEGL's file operations report damage only by logging a warning.
static inline void shim_count_message(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer counter) {
    (void)domain; (void)level; (void)message;
    g_atomic_int_inc((gint *)counter);
}

static inline void shim_ignore_message(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer unused) {
    (void)domain; (void)level; (void)message; (void)unused;
}

static inline gint shim_atomic_get(gint *counter) { return g_atomic_int_get(counter); }
