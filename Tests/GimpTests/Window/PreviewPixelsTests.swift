import Foundation
import XCTest

/// At 1:1 the preview shows what OK writes there.
final class PreviewPixelsTests: WindowTestCase {
    /// Columns and rows of the photograph: more than the preview's copy has.
    private static let side = 1800

    /// - Parameter scale: pixels of the screen for one of the window's.
    private func assertPreviewIsTheResult(scale: Int = 1, selecting selection: String = "") throws {
        let result = try GimpSession.shared.get().folder.appendingPathComponent("result-\(UUID().uuidString).png")
        nonisolated(unsafe) var shown: RawPicture?
        let output = try withWindow(
            scale: scale,
            preparation: """
                (gimp-image-scale image \(Self.side) \(Self.side))
                \(selection)
                """,
            check: """
                (let* ((copy (car (gimp-image-duplicate image))) (flat (car (gimp-image-flatten copy))))
                  (gimp-file-save RUN-NONINTERACTIVE copy flat "\(result.path)" "result"))
                """
        ) { [self] desk in
            for name in ["Face _boxes", "Split _view", "Show the photograph's own pixels (1)"] { try desk.click(name) }
            try desk.wait(for: "the photograph's own pixels") { shown in
                shown.contains { $0.type == "GtkLabel" && $0.name == "100 %" } ? true : nil
            }
            try waitForPreview(desk)
            // A scroll, so that parts that were made one after the other are seen side by side.
            let area = try desk.wait(for: "the preview") { shown in
                shown.filter { $0.type == "GtkDrawingArea" }.max { $0.frame[2] < $1.frame[2] }
            }
            desk.drag(area, by: (-60, -90))
            try waitForPreview(desk)
            desk.picture(named: "at its own pixels, scale \(scale)")
            // Without what marks that it has the keyboard.
            let frame = area.frame
            shown = try desk.pixels(in: [frame[0] + 8, frame[1] + 8, frame[2] - 16, frame[3] - 16])
            try desk.click("gtk-ok")
        }
        XCTAssertSaid(output, "layers", [2])
        let picture = try XCTUnwrap(shown)
        let written = try RawPicture(result, in: [0, 0, Self.side, Self.side])
        // The middle was in the middle before the scroll.
        let (x, y) = ((Self.side - picture.width) / 2 + 60, (Self.side - picture.height) / 2 + 90)
        let places = (-1...1).flatMap { dy in (-1...1).map { dx in (x + dx, y + dy) } }
        // Where the view has an odd number of pixels, half a pixel goes one way or the other.
        let found = try XCTUnwrap(
            places.map { picture.differences(from: written, at: $0, $1) }.min { $0.pixels < $1.pixels })
        // The screen's and GIMP's way from numbers to bytes may round apart.
        XCTAssertLessThanOrEqual(found.largest, 1, "\(found.pixels) of \(picture.width * picture.height) pixels differ")
        XCTAssertLessThan(found.pixels, picture.width * picture.height / 10)
    }

    /// Waits until what is in the window by now is drawn.
    private func waitForPreview(_ desk: Desk) throws {
        desk.look()
        try desk.wait(for: "the finished preview") { shown in
            shown.contains { $0.name == "The preview is up to date." } ? true : nil
        }
    }

    func testWithoutASelection() throws { try assertPreviewIsTheResult() }

    /// Drawn inside, the photograph outside; the window shows both.
    func testWithASelection() throws {
        try assertPreviewIsTheResult(
            selecting: "(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 800 750 300 400)")
    }

    /// Two pixels of the screen for one of the window's.
    func testOnAScreenOfSmallPixels() throws {
        try XCTSkipUnless(GimpHost.is3, "GTK 2 knows no such screens")
        try assertPreviewIsTheResult(scale: 2)
    }
}
