import Foundation
import XCTest

/// What OK does after the preview has come to its end.
final class FinishedPreviewTests: XCTestCase {
    private static let call =
        GimpHost.is3
        ? "(plug-in-anime-style #:run-mode RUN-INTERACTIVE #:image image #:drawables (vector layer))"
        : "(plug-in-anime-style RUN-INTERACTIVE image layer)"

    func testOKTakesThePreviewsDrawing() throws {
        let session = try GimpSession.shared.get()
        let desk = try Desk(in: session.folder)
        defer { desk.close() }
        let log = session.folder.appendingPathComponent("timings-\(UUID().uuidString)")
        let done = DispatchSemaphore(value: 0)
        // Used on GIMP's thread alone: this one waits for it meanwhile.
        nonisolated(unsafe) let hands = desk
        let output = try session.run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              \(Self.call)
              (say "layers" (car (gimp-image-get-layers image))))
            """, environment: desk.environment.merging(["GIMP_ANIME_STYLE_TIMINGS": log.path]) { $1 }
        ) { gimp in
            defer { done.signal() }
            do {
                try hands.waitForWindow("Anime Style")
                // Its own pixels, so that a part of the drawing is made at full size too.
                try hands.click("Show the photograph's own pixels (1)")
                try hands.wait(for: "the finished preview") { shown in
                    shown.contains { $0.name == "The preview is up to date." } ? true : nil
                }
                hands.picture(named: "finished preview")
                try hands.click("gtk-ok")
            } catch {
                XCTFail("\(error)")
                gimp.terminate()
            }
        }
        done.wait()
        XCTAssertSaid(output, "layers", [2])
        let stages = try String(contentsOf: log, encoding: .utf8).split(separator: "\n").map {
            String($0.prefix { $0 != " " })
        }
        XCTAssertTrue(stages.contains("preview-done") && stages.contains("paste-back"), "\(stages)")
        XCTAssertFalse(stages.contains("stylize") || stages.contains("detect"), "nothing is drawn again: \(stages)")
    }
}
