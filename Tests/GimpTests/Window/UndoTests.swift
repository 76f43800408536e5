import Foundation
import XCTest

/// Scripts cannot undo; a user of a GIMP with windows can.
final class UndoTests: XCTestCase {
    /// One Undo takes the drawing away, into whichever output it went.
    func testOneUndoTakesTheDrawingAway() throws {
        let session = try GimpSession.shared.get()
        let desk = try Desk(in: session.folder)
        defer { desk.close() }
        // After a GIMP that a test has ended by force, the next one with windows asks what to do about its images.
        try? FileManager.default.removeItem(at: session.profile.appendingPathComponent("backups"))
        let sign = session.folder.appendingPathComponent("drawn-\(UUID().uuidString)")
        let outputs = 0..<4
        // Used on GIMP's thread alone: this one waits for it meanwhile.
        nonisolated(unsafe) let hands = desk
        let output = try session.run(
            """
            (define (give-sign)
              (let ((port (open-output-file "\(sign.path)"))) (display "drawn" port) (close-output-port port)))
            (for-each (lambda (output)
                (let* ((image (portrait)) (layer (photo-layer image)) (name (number->string output)))
                  (gimp-image-clean-all image)
                  (let ((before (state image)) (window (car (gimp-display-new image))))
                    (draw-as output image layer 100 1)
                    (say (string-append "drawn-" name) (car (gimp-image-is-dirty image)))
                    (give-sign)
                    (let wait ((left 600))
                      (if (and (= (car (gimp-image-is-dirty image)) TRUE) (> left 0))
                          (begin (usleep 100000) (wait (- left 1)))))
                    (say (string-append "before-" name) before)
                    (say (string-append "undone-" name) (state image))
                    (gimp-display-delete window))))
              '(\(outputs.map(String.init).joined(separator: " "))))
            """,
            environment: desk.environment.filter { $0.key == "DISPLAY" }, hasWindows: true
        ) { gimp in
            for _ in outputs {
                while gimp.isRunning, access(sign.path, F_OK) != 0 { usleep(50_000) }
                try? FileManager.default.removeItem(at: sign)
                // Where GIMP's canvas is.
                hands.point(400, 500)
                hands.press("ctrl+z")
            }
        }
        for index in outputs {
            XCTAssertSaid(output, "drawn-\(index)", [1])
            XCTAssertSaid(output, "undone-\(index)", output.numbers("before-\(index)"))
        }
    }
}
