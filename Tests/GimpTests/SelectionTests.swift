import XCTest

/// Only what is selected is drawn.
final class SelectionTests: XCTestCase {
    func testNothingOutsideTheSelectionChanges() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (gimp-layer-set-offsets layer 10 -7)
              (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 40 30 50 60)
              (let* ((before (car (gimp-layer-new-from-visible image image "before")))
                     (drawing (draw image layer 100 1))
                     (after (car (gimp-layer-new-from-visible image image "after"))))
                (say "selected" (gimp-selection-bounds image))
                (say "edge" (cadddr (pixel drawing 30 37)) (cadddr (pixel drawing 29 37)) (cadddr (pixel drawing 79 96))
                     (cadddr (pixel drawing 79 97)))
                (gimp-image-insert-layer image before 0 0)
                (gimp-image-insert-layer image after 0 0)
                (say "inside" (differing image before after 0.03))
                (gimp-selection-invert image)
                (say "outside" (differing image before after 0.002))))
            """)
        XCTAssertSaid(output, "selected", [1, 40, 30, 90, 90])
        XCTAssertSaid(output, "edge", [255, 0, 255, 0])
        XCTAssertGreaterThan(output.numbers("inside").first ?? 0, 500)
        XCTAssertSaid(output, "outside", [0])
    }

    /// As much as GIMP's own fill would take.
    func testFeatherOfTheSelectionIsTheDrawingsAlpha() throws {
        let points = [(80, 80), (50, 80), (45, 80), (40, 80), (35, 80), (30, 80), (10, 80)]
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (gimp-layer-set-offsets layer 6 4)
              (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 40 40 80 80)
              (gimp-selection-feather image 20)
              (let ((drawing (draw image layer 100 1))
                    (filled (car (gimp-layer-new image 160 160 RGBA-IMAGE "filled" 100 LAYER-MODE-NORMAL))))
                (gimp-image-insert-layer image filled 0 0)
                (gimp-layer-set-offsets filled 6 4)
                (gimp-drawable-edit-fill filled FILL-WHITE)
                (for-each (lambda (x)
                    (say (string-append "at-" (number->string x)) (cadddr (pixel filled (- x 6) 76))
                         (cadddr (pixel drawing (- x 6) 76))))
                  '(\(points.map { "\($0.0)" }.joined(separator: " "))))))
            """)
        var partly = 0
        for (x, _) in points {
            let numbers = output.numbers("at-\(x)")
            XCTAssertEqual(numbers.first ?? -1, numbers.last ?? -2, accuracy: 1, "at column \(x)")
            if let alpha = numbers.first, (20...235).contains(alpha) { partly += 1 }
        }
        XCTAssertGreaterThanOrEqual(partly, 2, "the test needs points on the feathered edge")
    }

    func testLayerBeyondTheCanvasIsNotSelectedThere() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (gimp-layer-set-offsets layer -30 -30)
              (gimp-selection-all image)
              (let ((drawing (draw image layer 100 1)))
                (say "alpha" (cadddr (pixel drawing 29 60)) (cadddr (pixel drawing 30 60))
                     (cadddr (pixel drawing 30 29)) (cadddr (pixel drawing 159 159)))))
            """)
        XCTAssertSaid(output, "alpha", [0, 255, 0, 255])
    }
}
