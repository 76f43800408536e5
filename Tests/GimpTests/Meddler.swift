import Foundation
import XCTest

/// A plug-in for the tests that does to the image what a user might do while the filter is at work, and that calls the filter as other
/// plug-ins do.
struct Meddler {
    private let session: GimpSession
    private let folder: URL
    private let command: URL

    /// Compiles it into GIMP's folder of plug-ins.
    init(_ session: GimpSession) throws {
        self.session = session
        folder = session.plugIn.deletingLastPathComponent().appendingPathComponent("test-meddle")
        command = session.folder.appendingPathComponent("meddle")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let code = folder.appendingPathComponent("test-meddle.c")
        try Self.source.write(to: code, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "cc -o test-meddle test-meddle.c $(pkg-config --cflags --libs gimp-2.0)"]
        process.currentDirectoryURL = folder
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw SetupError(description: "The tests' own plug-in cannot be compiled; run ./install.sh --test, which installs GIMP's headers and a C compiler.")
        }
        try FileManager.default.removeItem(at: code)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// What tells the plug-in where its commands come from.
    var environment: [String: String] { ["TEST_MEDDLE": command.path] }

    /// Lets GIMP do `action` while the filter stands still in `call`.
    /// - Returns: false when GIMP did not do it.
    func perform(_ action: String, during call: FilterProcess) -> Bool {
        kill(call.id, SIGSTOP)
        defer { kill(call.id, SIGCONT) }
        let part = command.appendingPathExtension("part")
        guard (try? Data(action.utf8).write(to: part)) != nil, rename(part.path, command.path) == 0 else { return false }
        let deadline = Date().addingTimeInterval(30)
        while access(command.path, F_OK) == 0 {
            guard Date() < deadline else { return false }
            usleep(5_000)
        }
        return true
    }

    /// An extension that waits for commands about the newest image and its lowest layer, and `test-call image drawable output count`,
    /// which calls the filter with the first `count` of its arguments and returns its status.
    private static let source = """
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
            gimp_image_convert_indexed (image, GIMP_CONVERT_DITHER_NONE, GIMP_CONVERT_PALETTE_GENERATE, 8, FALSE, FALSE, "");
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

        static void
        query (void)
        {
          static const GimpParamDef arguments[] = {
            { GIMP_PDB_IMAGE, "image", "image" }, { GIMP_PDB_DRAWABLE, "drawable", "drawable" }, { GIMP_PDB_INT32, "output", "output" },
            { GIMP_PDB_INT32, "count", "count" } };
          static const GimpParamDef results[] = { { GIMP_PDB_INT32, "status", "status" } };

          gimp_install_procedure ("extension-test-meddle", "test", "test", "test", "test", "2026", NULL, NULL, GIMP_EXTENSION, 0, 0, NULL, NULL);
          gimp_install_procedure ("test-call", "test", "test", "test", "test", "2026", NULL, NULL, GIMP_PLUGIN,
                                  G_N_ELEMENTS (arguments), G_N_ELEMENTS (results), arguments, results);
        }

        const GimpPlugInInfo PLUG_IN_INFO = { NULL, NULL, query, run };

        MAIN ()

        """
}

/// The process of one call of the filter.
struct FilterProcess {
    let id: pid_t
    private let program: String

    /// Waits for the next one, and adds it to those `seen`.
    /// - Returns: `nil` when GIMP ended first.
    static func next(_ session: GimpSession, _ seen: inout Set<pid_t>, _ gimp: Process) -> FilterProcess? {
        let program = session.plugIn.appendingPathComponent("gimp-anime-style").path
        while gimp.isRunning {
            let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            for id in entries.compactMap({ pid_t($0) }) where !seen.contains(id) {
                let process = FilterProcess(id: id, program: program)
                guard process.isRunning else { continue }
                seen.insert(id)
                return process
            }
            usleep(3_000)
        }
        return nil
    }

    var isRunning: Bool {
        let words = (FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return words.first == program && words.contains("-run")
    }

    /// Clock ticks that it has computed for, which depend less on what else the machine does than seconds.
    var ticks: Int {
        let text = String(decoding: FileManager.default.contents(atPath: "/proc/\(id)/stat") ?? Data(), as: UTF8.self)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return fields.count > 13 ? (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0) : 0
    }

    /// Waits for its end.
    /// - Returns: its ticks.
    func waitUntilExit() -> Int {
        var last = 0
        while isRunning {
            last = max(last, ticks)
            usleep(2_000)
        }
        return last
    }

    /// - Returns: false when it ended before it had computed for `limit` ticks.
    func wait(untilTicks limit: Int) -> Bool {
        while isRunning {
            if ticks >= limit { return true }
            usleep(2_000)
        }
        return false
    }
}
