/* GIMP 3 alone: what a procedure is called with, keeps and answers. Only what Swift cannot call itself is here:
 * functions with a variable number of arguments and macros. */
#pragma once

#if GIMP_CHECK_VERSION(2, 99, 0)

static inline gint32
host_image_number (GimpImage *image)
{
  return image ? gimp_image_get_id (image) : -1;
}

/* The first of a list that ends with NULL, or -1, and how many there are. */
static inline gint32
host_first_drawable (GimpDrawable **drawables, gint *count)
{
  *count = 0;
  while (drawables && drawables[*count])
    ++*count;
  return *count ? gimp_item_get_id (GIMP_ITEM (drawables[0])) : -1;
}

/* The values of a call's arguments by name */

static inline gdouble
host_config_double (GimpProcedureConfig *config, const gchar *name)
{
  gdouble value = 0;
  g_object_get (config, name, &value, NULL);
  return value;
}

static inline gint
host_config_int (GimpProcedureConfig *config, const gchar *name)
{
  gint value = 0;
  g_object_get (config, name, &value, NULL);
  return value;
}

static inline gboolean
host_config_boolean (GimpProcedureConfig *config, const gchar *name)
{
  gboolean value = FALSE;
  g_object_get (config, name, &value, NULL);
  return value;
}

/* To be freed with g_free; may be NULL. */
static inline gchar *
host_config_string (GimpProcedureConfig *config, const gchar *name)
{
  gchar *value = NULL;
  g_object_get (config, name, &value, NULL);
  return value;
}

static inline void
host_config_set_double (GimpProcedureConfig *config, const gchar *name, gdouble value)
{
  g_object_set (config, name, value, NULL);
}

static inline void
host_config_set_int (GimpProcedureConfig *config, const gchar *name, gint value)
{
  g_object_set (config, name, value, NULL);
}

static inline void
host_config_set_boolean (GimpProcedureConfig *config, const gchar *name, gboolean value)
{
  g_object_set (config, name, value, NULL);
}

static inline void
host_config_set_string (GimpProcedureConfig *config, const gchar *name, const gchar *value)
{
  g_object_set (config, name, value, NULL);
}

/* A procedure's arguments and answers */

static inline GParamFlags
host_readwrite (void)
{
  return G_PARAM_READWRITE;
}

static inline void
host_add_run_mode (GimpProcedure *procedure)
{
  gimp_procedure_add_enum_argument (procedure, "run-mode", "Run mode", "The run mode", GIMP_TYPE_RUN_MODE,
                                    GIMP_RUN_NONINTERACTIVE, G_PARAM_READWRITE);
}

/* `sentence` may be NULL. */
static inline GimpValueArray *
host_failure (GimpProcedure *procedure, GimpPDBStatusType status, const gchar *sentence)
{
  GError *error = sentence
    ? g_error_new_literal (g_quark_from_static_string ("gimp-anime-style"), 0, sentence) : NULL;
  return gimp_procedure_new_return_values (procedure, status, error);
}

static inline GimpValueArray *
host_success_layer (GimpProcedure *procedure, gint32 layer)
{
  GimpValueArray *values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_LAYER (values, 1, host_layer (layer));
  return values;
}

static inline void
host_set_int (GimpValueArray *values, gint index, gint value)
{
  GIMP_VALUES_SET_INT (values, index, value);
}

#endif
