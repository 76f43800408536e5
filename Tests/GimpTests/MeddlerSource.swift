/// GIMP looks once, without waiting, whether a plug-in that it has started is still there, and takes one that is not
/// for one that could not be started: "Failed to execute child process (Success)". On a busy machine a plug-in that
/// only registers its procedures, which GIMP does not answer, may have done so by then; a call that GIMP has to answer
/// keeps it until GIMP has looked.
private let waitForGimp = """
    static void
    wait_for_gimp (void)
    {
      g_free (gimp_version ());
    }

    """

/// An extension of GIMP 2.10 that waits for commands about the newest image and its lowest layer, and `test-call image
/// drawable output count`, which calls the filter with the first `count` of its arguments and returns its status.
let meddlerForGimp2 = """
    #include <string.h>
    #include <unistd.h>
    #include <libgimp/gimp.h>

    static void
    meddle (const gchar *action)
    {
      gint    count, i;
      gint32 *images = gimp_image_list (&count), *layers;
      gint32  image = -1, layer;

      for (i = 0; i < count; i++)
        image = MAX (image, images[i]);
      layers = gimp_image_get_layers (image, &count);
      layer = layers[count - 1];
      if (! strcmp (action, "delete-image"))
        gimp_image_delete (image);
      else if (! strcmp (action, "remove-layer"))
        gimp_image_remove_layer (image, layer);
      else if (! strcmp (action, "resize"))
        gimp_layer_resize (layer, 50, 50, 0, 0);
      else if (! strcmp (action, "indexed"))
        gimp_image_convert_indexed (image, GIMP_CONVERT_DITHER_NONE, GIMP_CONVERT_PALETTE_GENERATE, 8, FALSE, FALSE,
                                    "");
      else if (! strcmp (action, "paint"))
        gimp_drawable_fill (layer, GIMP_FILL_WHITE);
      else if (! strcmp (action, "lock"))
        gimp_item_set_lock_content (layer, TRUE);
      else if (! strcmp (action, "move"))
        gimp_layer_set_offsets (layer, 30, 20);
      else if (! strcmp (action, "select-elsewhere"))
        {
          gimp_layer_set_offsets (layer, 90, 90);
          gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 0, 0, 40, 40);
        }
      else if (! strcmp (action, "float"))
        {
          gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 9, 9, 40, 40);
          gimp_selection_float (image, layer, 0, 0);
        }
    }

    static void
    wait_for_commands (void)
    {
      const gchar *command = g_getenv ("TEST_MEDDLE");
      gchar       *action;

      gimp_extension_ack ();
      while (command)
        {
          gimp_extension_process (10);
          if (g_file_get_contents (command, &action, NULL, NULL))
            {
              meddle (action);
              unlink (command);
            }
        }
    }

    static GimpPDBStatusType
    call_filter (const GimpParam *param)
    {
      const gdouble   numbers[] = { 100, 1, 0, 100, 0, 0, param[2].data.d_int32, 0, 80, 70 };
      const gboolean  is_float[] = { TRUE, FALSE, TRUE, TRUE, FALSE, FALSE, FALSE, TRUE, TRUE, TRUE };
      GimpParam       call[14];
      gint            i, n_answer;

      call[0].type = GIMP_PDB_INT32;
      call[0].data.d_int32 = GIMP_RUN_NONINTERACTIVE;
      call[1] = param[0];
      call[2] = param[1];
      call[3].type = GIMP_PDB_STRING;
      call[3].data.d_string = (gchar *) "cel";
      for (i = 0; i < 10; i++)
        {
          call[4 + i].type = is_float[i] ? GIMP_PDB_FLOAT : GIMP_PDB_INT32;
          if (is_float[i])
            call[4 + i].data.d_float = numbers[i];
          else
            call[4 + i].data.d_int32 = (gint32) numbers[i];
        }
      return gimp_run_procedure2 ("plug-in-anime-style", &n_answer, param[3].data.d_int32, call)[0].data.d_status;
    }

    static void
    run (const gchar *name, gint n_params, const GimpParam *param, gint *n_values, GimpParam **values)
    {
      static GimpParam returned[2];

      *n_values = 1;
      *values = returned;
      returned[0].type = GIMP_PDB_STATUS;
      returned[0].data.d_status = GIMP_PDB_SUCCESS;
      if (strcmp (name, "test-call"))
        {
          wait_for_commands ();
          return;
        }
      *n_values = 2;
      returned[1].type = GIMP_PDB_INT32;
      returned[1].data.d_int32 = call_filter (param);
    }

    \(waitForGimp)
    static void
    query (void)
    {
      static const GimpParamDef arguments[] = {
        { GIMP_PDB_IMAGE, "image", "image" }, { GIMP_PDB_DRAWABLE, "drawable", "drawable" },
        { GIMP_PDB_INT32, "output", "output" },
        { GIMP_PDB_INT32, "count", "count" } };
      static const GimpParamDef results[] = { { GIMP_PDB_INT32, "status", "status" } };

      gimp_install_procedure ("extension-test-meddle", "test", "test", "test", "test", "2026", NULL, NULL,
                              GIMP_EXTENSION, 0, 0, NULL, NULL);
      gimp_install_procedure ("test-call", "test", "test", "test", "test", "2026", NULL, NULL, GIMP_PLUGIN,
                              G_N_ELEMENTS (arguments), G_N_ELEMENTS (results), arguments, results);
      wait_for_gimp ();
    }

    const GimpPlugInInfo PLUG_IN_INFO = { NULL, NULL, query, run };

    MAIN ()

    """

/// The same for GIMP 3, without `test-call`: there a call gives its arguments by name.
let meddlerForGimp3 = """
    #include <string.h>
    #include <unistd.h>
    #include <libgimp/gimp.h>

    struct _Meddle { GimpPlugIn parent_instance; };
    #define MEDDLE_TYPE (meddle_get_type ())
    G_DECLARE_FINAL_TYPE (Meddle, meddle, MEDDLE, PLUG_IN, GimpPlugIn)
    G_DEFINE_TYPE (Meddle, meddle, GIMP_TYPE_PLUG_IN)

    static void
    meddle_with (const gchar *action)
    {
      GimpImage **images = gimp_get_images (), *image = images[0];
      GimpLayer **layers, *layer;
      GimpDrawable *drawables[2] = { NULL, NULL };
      gint        i;

      for (i = 0; images[i]; i++)
        if (gimp_image_get_id (images[i]) > gimp_image_get_id (image))
          image = images[i];
      layers = gimp_image_get_layers (image);
      for (i = 0; layers[i]; i++)
        layer = layers[i];
      drawables[0] = GIMP_DRAWABLE (layer);
      if (! strcmp (action, "delete-image"))
        gimp_image_delete (image);
      else if (! strcmp (action, "remove-layer"))
        gimp_image_remove_layer (image, layer);
      else if (! strcmp (action, "resize"))
        gimp_layer_resize (layer, 50, 50, 0, 0);
      else if (! strcmp (action, "indexed"))
        gimp_image_convert_indexed (image, GIMP_CONVERT_DITHER_NONE, GIMP_CONVERT_PALETTE_GENERATE, 8, FALSE, FALSE,
                                    "");
      else if (! strcmp (action, "paint"))
        gimp_drawable_fill (drawables[0], GIMP_FILL_WHITE);
      else if (! strcmp (action, "lock"))
        gimp_item_set_lock_content (GIMP_ITEM (layer), TRUE);
      else if (! strcmp (action, "move"))
        gimp_layer_set_offsets (layer, 30, 20);
      else if (! strcmp (action, "select-elsewhere"))
        {
          gimp_layer_set_offsets (layer, 90, 90);
          gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 0, 0, 40, 40);
        }
      else if (! strcmp (action, "float"))
        {
          gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 9, 9, 40, 40);
          gimp_selection_float (image, drawables, 0, 0);
        }
    }

    static gboolean
    look_for_commands (gpointer command)
    {
      gchar *action;

      if (g_file_get_contents (command, &action, NULL, NULL))
        {
          meddle_with (action);
          unlink (command);
        }
      return G_SOURCE_CONTINUE;
    }

    static GimpValueArray *
    run (GimpProcedure *procedure, GimpProcedureConfig *config, gpointer data)
    {
      const gchar *command = g_getenv ("TEST_MEDDLE");

      gimp_procedure_persistent_ready (procedure);
      gimp_plug_in_persistent_enable (gimp_procedure_get_plug_in (procedure));
      if (command)
        g_timeout_add (10, look_for_commands, (gpointer) command);
      g_main_loop_run (g_main_loop_new (NULL, FALSE));
      return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
    }

    \(waitForGimp)
    static GList *
    query (GimpPlugIn *plug_in)
    {
      wait_for_gimp ();
      return g_list_append (NULL, g_strdup ("extension-test-meddle"));
    }

    static GimpProcedure *
    create (GimpPlugIn *plug_in, const gchar *name)
    {
      return gimp_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PERSISTENT, run, NULL, NULL);
    }

    static void
    meddle_class_init (MeddleClass *klass)
    {
      GIMP_PLUG_IN_CLASS (klass)->query_procedures = query;
      GIMP_PLUG_IN_CLASS (klass)->create_procedure = create;
    }

    static void
    meddle_init (Meddle *self)
    {
    }

    GIMP_MAIN (MEDDLE_TYPE)

    """
