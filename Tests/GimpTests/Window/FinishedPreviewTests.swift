import Foundation
import XCTest

/// What OK does after the preview has come to its end.
final class FinishedPreviewTests: WindowTestCase {
    func testOKTakesThePreviewsDrawing() throws {
        let log = try GimpSession.shared.get().folder.appendingPathComponent("timings-\(UUID().uuidString)")
        let output = try withWindow(environment: ["GIMP_ANIME_STYLE_TIMINGS": log.path]) { desk in
            // Its own pixels, so that a part of the drawing is made at full size too.
            try desk.click("Show the photograph's own pixels (1)")
            try desk.wait(for: "the finished preview") { shown in
                shown.contains { $0.name == "The preview is up to date." } ? true : nil
            }
            desk.picture(named: "finished preview")
            try desk.click("gtk-ok")
        }
        XCTAssertSaid(output, "layers", [2])
        let stages = try String(contentsOf: log, encoding: .utf8).split(separator: "\n").map {
            String($0.prefix { $0 != " " })
        }
        XCTAssertTrue(stages.contains("preview-done") && stages.contains("paste-back"), "\(stages)")
        XCTAssertFalse(stages.contains("stylize") || stages.contains("detect"), "nothing is drawn again: \(stages)")
    }

    /// The window's OK, too, gives the drawing its layer's opacity and mode, and hides that layer.
    func testTheDrawingOfABlendedLayerIsMixedAlike() throws {
        let output = try withWindow(
            preparation: "(gimp-layer-set-opacity layer 60) (gimp-layer-set-mode layer LAYER-MODE-MULTIPLY)",
            check: """
                (let ((drawn (car (gimp-image-get-active-layer image))))
                  (say "look" (car (gimp-layer-get-opacity drawn))
                    (- LAYER-MODE-MULTIPLY (car (gimp-layer-get-mode drawn)))
                    (car (gimp-item-get-visible drawn)) (car (gimp-item-get-visible layer))))
                """
        ) { desk in
            try desk.click("gtk-ok")
        }
        XCTAssertSaid(output, "layers", [2])
        XCTAssertSaid(output, "look", [60, 0, 1, 0])
    }
}
