import XCTest

/// What the filter's window shows beside the preview.
final class WindowPicturesTests: WindowTestCase {
    /// While something is drawn, a wheel turns beside the sentence that says so.
    func testAWheelTurnsWhileThePreviewIsDrawn() throws {
        let output = try withWindow(preparation: "(gimp-image-scale image 1800 1800)") { desk in
            let wheel = try desk.wait(for: "the wheel") { shown in
                shown.first { $0.type == "GtkSpinner" && $0.frame[2] >= 16 }
            }
            var isSeen = false
            while !isSeen, desk.widgets.contains(where: { $0.type == "GtkSpinner" }) {
                let bytes = try desk.pixels(in: wheel.frame).bytes
                isSeen = zip(bytes, bytes.dropFirst(3)).contains { abs(Int($0) - Int($1)) > 16 }
            }
            XCTAssertTrue(isSeen, "the wheel's place \(wheel.frame) is empty")
            try desk.click("gtk-cancel")
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// With two pixels of the screen for one of the window's, pictures have as many, too.
    func testPicturesOnAScreenOfSmallPixels() throws {
        try XCTSkipUnless(GimpHost.is3, "GTK 2 knows no such screens")
        let output = try withWindow(scale: 2, preparation: "(gimp-image-scale image 640 640)") { desk in
            try desk.wait(for: "pictures of the screen's own pixels") { shown in
                Self.pictures(in: shown) == [96, 200, 200, 200] ? true : nil
            }
            desk.picture(named: "styles, scale 2")
            desk.press("Escape")
        }
        XCTAssertSaid(output, "layers", [1])
    }
}
