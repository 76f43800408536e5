import XCTest

/// Every kind of pixels goes in as the colours it means and comes back in the image's own encoding.
final class PixelTests: XCTestCase {
    func testDrawingOfNoStrengthIsThePhotographInEveryPrecision() throws {
        let side = 64
        let output = try GimpSession.shared.get().run(
            """
            (for-each (lambda (base)
              (for-each (lambda (precision)
                (let* ((image (portrait)) (layer (photo-layer image))
                       (name (string-append (number->string base) "-" (number->string precision))))
                  (gimp-image-scale image \(side) \(side))
                  (if (= base GRAY) (gimp-image-convert-grayscale image))
                  (to-precision image precision)
                  (let ((drawing (draw image layer 0 1)))
                    (say (string-append "type-" name) (car (gimp-drawable-type drawing))
                         (car (gimp-image-get-precision image)))
                    (say (string-append "same-" name) (differing image layer drawing 0.006))
                    (say (string-append "opaque-" name) (count-above drawing HISTOGRAM-ALPHA 0.999))
                    (gimp-image-delete image))))
                '(\(GimpHost.precisions.map(String.init).joined(separator: " ")))))
              (list RGB GRAY))
            """)
        let (rgbAlpha, grayAlpha) = (1.0, 3.0)
        for precision in GimpHost.precisions {
            for (base, type) in [(0, rgbAlpha), (1, grayAlpha)] {
                XCTAssertSaid(output, "type-\(base)-\(precision)", [type, Double(precision)])
                XCTAssertSaid(output, "same-\(base)-\(precision)", [0])
                XCTAssertSaid(output, "opaque-\(base)-\(precision)", [Double(side * side)])
            }
        }
    }

    func testDrawingChangesThePhotographAndKeepsTheLayerBelow() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)) (copy (car (gimp-layer-copy layer FALSE)))
                   (drawing (draw image layer 100 2)))
              (gimp-image-insert-layer image copy 0 0)
              (say "drawn" (differing image layer drawing 0.03))
              (say "below" (differing image layer copy 0.002)))
            """)
        XCTAssertGreaterThan(output.numbers("drawn").first ?? 0, 160 * 160 / 10)
        XCTAssertSaid(output, "below", [0])
    }

    func testAlphaIsKept() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (gimp-layer-add-alpha layer)
              (gimp-image-select-ellipse image CHANNEL-OP-REPLACE 90 60 60 80)
              (gimp-selection-feather image 20)
              (gimp-edit-clear layer)
              (gimp-selection-none image)
              (let ((drawing (draw image layer 100 2)))
                (for-each (lambda (point)
                    (say (string-append "alpha-" (number->string (car point)))
                      (cadddr (pixel layer (car point) (cadr point)))
                      (cadddr (pixel drawing (car point) (cadr point)))))
                  '((5 5) (90 100) (100 100) (120 100) (140 120)))
                (say "histogram-before" (gimp-drawable-histogram layer HISTOGRAM-ALPHA 0 1))
                (say "histogram-after" (gimp-drawable-histogram drawing HISTOGRAM-ALPHA 0 1))))
            """)
        var seen: Set<Double> = []
        for x in [5, 90, 100, 120, 140] {
            let alphas = output.numbers("alpha-\(x)")
            XCTAssertEqual(alphas.first, alphas.last, "at column \(x)")
            seen.formUnion(alphas)
        }
        XCTAssertTrue(
            seen.contains(255) && seen.contains(0) && seen.contains { (10...245).contains($0) },
            "the test needs clear, opaque and half-clear pixels: \(seen)")
        XCTAssertSaid(output, "histogram-after", output.numbers("histogram-before"))
    }

    /// A drawing of the same colours in another profile is the same drawing; without conversion the network would see
    /// other colours.
    func testColorProfileIsConvertedToSRGBAndBack() throws {
        let session = try GimpSession.shared.get()
        let colour = session.folder.appendingPathComponent("p3.icc"),
            gray = session.folder.appendingPathComponent("gray.icc")
        try IccProfile.displayP3(gamma: 1.8).write(to: colour)
        try IccProfile.gray(gamma: 1.2).write(to: gray)
        let output = try session.run(
            """
            (define (compare name profile base precision)
              (let* ((image (portrait)) (layer (photo-layer image)))
                (if (= base GRAY) (gimp-image-convert-grayscale image))
                (to-precision image precision)
                (let* ((drawing (draw image layer 100 1)) (other (car (gimp-image-duplicate image))))
                  (gimp-image-remove-layer other (car (gimp-image-get-active-layer other)))
                  (gimp-image-convert-color-profile-from-file other profile 1 TRUE)
                  (say (string-append name "-encoded") (pixel (photo-layer other) 80 80) (pixel layer 80 80))
                  (let ((drawing2 (draw other (photo-layer other) 100 1))
                        (identity (draw other (photo-layer other) 0 1)))
                    (say (string-append name "-identity") (differing other (photo-layer other) identity 0.006))
                    (say (string-append name "-opaque") (count-above drawing2 HISTOGRAM-ALPHA 0.999))
                    ; A layer that comes from an image of another profile is converted.
                    (let ((copy (car (gimp-layer-new-from-drawable drawing2 image))))
                      (gimp-image-insert-layer image copy 0 0)
                      (say (string-append name "-differing") (differing image drawing copy 0.02)))))))
            (compare "rgb" "\(colour.absoluteString)" RGB 250)
            (compare "rgb-linear" "\(colour.absoluteString)" RGB 600)
            (compare "gray" "\(gray.absoluteString)" GRAY 250)
            """)
        for name in ["rgb", "rgb-linear", "gray"] {
            XCTAssertSaid(output, "\(name)-identity", [0])
            XCTAssertSaid(output, "\(name)-opaque", [160.0 * 160])
            XCTAssertLessThan(output.numbers("\(name)-differing").first ?? .infinity, 160 * 160 / 100, name)
        }
        // GIMP 3 tells a pixel's colour in sRGB, whatever the image's profile.
        if GimpHost.is3 { return }
        let encoded = output.numbers("rgb-encoded")
        XCTAssertNotEqual(
            encoded.prefix(3), encoded.suffix(3), "the test needs a profile that encodes colours otherwise")
    }
}
