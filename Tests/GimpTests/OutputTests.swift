import XCTest

/// Every way of taking the drawing into the image looks the same and keeps what is a user's own.
final class OutputTests: XCTestCase {
    /// Two steps of 8 bits; GIMP 3, which mixes layers in the image's own colour space, rounds once more.
    private static let tolerance = GimpHost.is3 ? 0.0125 : 0.009
    /// Pixels of some 20,000 that may differ more, but by no more than the other: GIMP mixes in linear light, where
    /// half a step of a line's alpha over a bright colour is up to six steps of a dark result.
    private static let (few, most) = (3.0, 0.025)

    /// Draws the same in each output mode and says how many pixels look otherwise than with the plain layer.
    private static let compare = """
        (define (seen image name) (car (gimp-layer-new-from-visible image image name)))
        (define (compare name image layer strength region)
          (let* ((plain (draw image layer strength region)) (wanted (seen image "plain")))
            (gimp-image-remove-layer image plain)
            (for-each
              (lambda (output)
                (let* ((drawing (draw-as output image layer strength region)) (got (seen image "got")))
                  (gimp-image-remove-layer image drawing)
                  (say (string-append name "-" (number->string output)) (differing image wanted got \(tolerance))
                    (differing image wanted got \(most)))))
              '(1 2))
            (say (string-append name "-drawn") (differing image layer wanted 0.009))))

        """

    private func assertSame(_ output: GimpOutput, _ name: String, line: UInt = #line) {
        for way in ["\(name)-1", "\(name)-2"] {
            let pixels = output.numbers(way)
            XCTAssertLessThanOrEqual(pixels.first ?? .infinity, Self.few, way, line: line)
            XCTAssertEqual(pixels.last, 0, way, line: line)
        }
        XCTAssertGreaterThan(output.numbers("\(name)-drawn").first ?? 0, 20, name, line: line)
    }

    func testMaskAndGroupLookLikeThePlainLayer() throws {
        let output = try GimpSession.shared.get().run(
            Self.compare + """
                (let* ((image (portrait)) (layer (photo-layer image)))
                  (compare "whole" image layer 100 2)
                  (compare "faces" image layer 70 0)
                  (gimp-layer-set-offsets layer 12 -9)
                  (gimp-layer-resize-to-image-size layer)
                  (gimp-image-select-ellipse image CHANNEL-OP-REPLACE 20 30 120 90)
                  (gimp-selection-feather image 20)
                  (compare "feather" image layer 100 2)
                  (gimp-selection-none image))
                (let* ((image (portrait)) (layer (photo-layer image)))
                  (gimp-image-convert-grayscale image)
                  (compare "gray" image layer 80 1))
                """)
        for name in ["whole", "faces", "feather", "gray"] { assertSame(output, name) }
    }

    /// GIMP mixes what replaces a layer by the soft edge of the selection itself; a new layer has the edge in its
    /// alpha, rounded to 8 bits, which shows in dark pixels that are mixed in linear light with lighter ones: some five
    /// in a hundred of some 8,000, the dark hair that is drawn lighter, and nowhere more than a tenth.
    func testReplacingInASoftSelectionLooksLikeANewLayer() throws {
        let output = try GimpSession.shared.get().run(
            Self.compare + """
                (let* ((image (portrait)) (layer (photo-layer image)))
                  (gimp-image-select-ellipse image CHANNEL-OP-REPLACE 20 30 120 90)
                  (gimp-selection-feather image 20)
                  (let* ((plain (draw image layer 100 2)) (wanted (seen image "plain")))
                    (gimp-image-remove-layer image plain)
                    (say "drawn" (differing image layer wanted 0.009))
                    (draw-as 3 image layer 100 2)
                    (let ((got (seen image "got")))
                      (say "apart" (differing image wanted got 0.02) (differing image wanted got 0.1)))))
                """)
        let apart = output.numbers("apart")
        XCTAssertLessThan(apart.first ?? .infinity, 450)
        XCTAssertEqual(apart.last, 0)
        XCTAssertGreaterThan(output.numbers("drawn").first ?? 0, 20)
    }

    func testMaskAndGroupLookLikeThePlainLayerInEveryPrecision() throws {
        let precisions = GimpHost.precisions
        let output = try GimpSession.shared.get().run(
            Self.compare + """
                (for-each (lambda (precision)
                  (let* ((image (portrait)) (layer (photo-layer image)))
                    (gimp-image-scale image 64 64)
                    (to-precision image precision)
                    (compare (number->string precision) image layer 100 1)
                    (gimp-image-delete image)))
                  '(\(precisions.map(String.init).joined(separator: " "))))
                """)
        for precision in precisions { assertSame(output, "\(precision)") }
    }

    func testMaskAndGroupLookLikeThePlainLayerInOtherProfiles() throws {
        let session = try GimpSession.shared.get()
        for (name, data) in [("p3", IccProfile.displayP3(gamma: 2.2)), ("adobe", IccProfile.adobeRGB)] {
            try data.write(to: session.folder.appendingPathComponent("output-\(name).icc"))
        }
        let output = try session.run(
            Self.compare + """
                (for-each (lambda (name)
                  (for-each (lambda (precision)
                    (let* ((image (portrait)) (layer (photo-layer image)))
                      (gimp-image-scale image 96 96)
                      (to-precision image precision)
                      (gimp-image-convert-color-profile-from-file
                        image (string-append "file://\(session.folder.path)/output-" name ".icc") 1 TRUE)
                      (compare (string-append name "-" (number->string precision)) image layer 100 2)
                      (gimp-image-delete image)))
                    '(150 600)))
                  '("p3" "adobe"))
                """)
        for name in ["p3-150", "p3-600", "adobe-150", "adobe-600"] { assertSame(output, name) }
    }

    func testMaskedLayerHoldsTheDrawingAndItsCoverage() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (gimp-layer-set-offsets layer 10 -7)
              (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 40 30 50 60)
              (let* ((drawing (draw-as 1 image layer 65 1)) (mask (car (gimp-layer-get-mask drawing))))
                (say "name" (gimp-item-get-name drawing))
                (say "look" (car (gimp-layer-get-opacity drawing)) (car (gimp-layer-get-apply-mask drawing))
                     (car (gimp-item-get-visible drawing)))
                (say "place" (gimp-drawable-offsets drawing) (car (gimp-image-get-item-position image drawing)))
                (say "mask" (pixel mask 30 37) (pixel mask 29 37) (pixel mask 79 96) (pixel mask 79 97))
                (gimp-selection-none image)
                (say "opaque" (count-above drawing HISTOGRAM-ALPHA 0.999))
                (gimp-layer-remove-mask drawing MASK-DISCARD)
                (say "everywhere" (differing image layer drawing 0.03))))
            (let* ((image (portrait)) (layer (photo-layer image)) (mask 0))
              (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 40 30 50 60)
              (gimp-layer-add-mask layer (car (gimp-layer-create-mask layer ADD-MASK-SELECTION)))
              (gimp-selection-none image)
              (set! mask (car (gimp-layer-get-mask (draw-as 1 image layer 100 1))))
              (say "source-mask" (pixel mask 5 5) (pixel mask 60 60))
              (gimp-layer-set-apply-mask layer FALSE)
              (set! mask (car (gimp-layer-get-mask (draw-as 1 image layer 100 0))))
              (say "face-mask" (pixel mask 0 159) (pixel mask 80 70)))
            """)
        XCTAssertEqual(output.values("name"), ["Anime", "Style", "–", "Cel"])
        XCTAssertSaid(output, "look", [65, 1, 1])
        XCTAssertSaid(output, "place", [10, -7, 0])
        XCTAssertSaid(output, "opaque", [160.0 * 160])
        XCTAssertSaid(output, "mask", [255, 0, 255, 0])
        XCTAssertGreaterThan(
            output.numbers("everywhere").first ?? 0, 160 * 160 / 3, "there must be a drawing to bring out with a brush")
        XCTAssertSaid(output, "source-mask", [0, 255])
        XCTAssertSaid(output, "face-mask", [0, 255])
    }

    func testGroupHoldsColourAndLines() throws {
        let output = try GimpSession.shared.get().run(
            """
            (define (children group) (vector->list (cadr (gimp-item-get-children group))))
            (let* ((image (portrait)) (layer (photo-layer image)) (outer (car (gimp-layer-group-new image))))
              (gimp-image-insert-layer image outer 0 0)
              (gimp-image-reorder-item image layer outer 0)
              (gimp-layer-set-offsets layer 9 8)
              (let* ((group (draw-as 2 image layer 80 1)) (parts (children group)))
                (say "group" (car (gimp-item-is-group group)) (car (gimp-layer-get-opacity group))
                     (car (gimp-layer-get-mask group)) (length parts))
                (say "place" (- outer (car (gimp-item-get-parent group)))
                     (car (gimp-image-get-item-position image group)) (gimp-drawable-offsets group)
                  (car (gimp-drawable-width group)))
                (say "names" (gimp-item-get-name group) (map (lambda (part) (car (gimp-item-get-name part))) parts))
                (say "offsets" (map gimp-drawable-offsets parts))
                (say "colour" (count-above (cadr parts) HISTOGRAM-ALPHA 0.999))
                (say "lines" (count-above (car parts) HISTOGRAM-ALPHA 0.5))
                (gimp-item-set-visible (car parts) FALSE)
                (let ((clean (car (plug-in-anime-style RUN-NONINTERACTIVE image layer "cel" 100 1 0 0 0 0 0 0 80 70))))
                  (say "clean" (differing image clean (cadr parts) 0.009)))))
            (let* ((image (portrait)) (layer (photo-layer image))
                   (bare (car (plug-in-anime-style RUN-NONINTERACTIVE image layer "cel" 100 1 0 0 0 0 2 0 80 70))))
              (say "bare" (map (lambda (part) (car (gimp-item-get-name part))) (children bare)))
              (gimp-image-remove-layer image bare)
              (let ((faces (draw-as 2 image layer 100 0)))
                (say "face-mask" (pixel (car (gimp-layer-get-mask faces)) 0 159)
                     (pixel (car (gimp-layer-get-mask faces)) 80 70))))
            """)
        XCTAssertSaid(output, "group", [1, 80, -1, 2])
        XCTAssertSaid(output, "place", [0, 0, 9, 8, 160])
        XCTAssertEqual(output.values("names"), ["Anime", "Style", "–", "Cel", "Lines", "Color"])
        XCTAssertSaid(output, "offsets", [9, 8, 9, 8])
        XCTAssertSaid(output, "colour", [160.0 * 160])
        XCTAssertTrue(
            (50...160 * 80).contains(Int(output.numbers("lines").first ?? 0)),
            "lines are lines: \(output.numbers("lines"))")
        XCTAssertSaid(output, "clean", [0])
        XCTAssertEqual(output.values("bare"), ["Color"])
        XCTAssertSaid(output, "face-mask", [0, 255])
    }

    func testStyleWithoutLinesGivesAGroupOfColorAlone() throws {
        let session = try GimpSession.shared.get(), files = FileManager.default
        let parts = session.folder.appendingPathComponent("parts-without-lines"),
            models = parts.appendingPathComponent("models")
        let installed = session.plugIn.appendingPathComponent("models")
        try files.createDirectory(at: models, withIntermediateDirectories: true)
        for part in ["detector", "mesh"] {
            try files.createSymbolicLink(
                at: parts.appendingPathComponent(part), withDestinationURL: session.plugIn.appendingPathComponent(part))
        }
        for name in ["cel.onnx", "hair.onnx"] {
            try files.copyItem(
                at: installed.appendingPathComponent(name).resolvingSymlinksInPath(),
                to: models.appendingPathComponent(name))
        }
        let manifest = try JSONSerialization.jsonObject(
            with: Data(contentsOf: installed.appendingPathComponent("cel.json")))
        guard var fields = manifest as? [String: Any], var outputs = fields["outputs"] as? [String: Any] else {
            return XCTFail("cel.json is no manifest")
        }
        outputs["lines"] = nil
        fields["outputs"] = outputs
        if var decisions = fields["decisions"] as? [String: Any] {
            decisions["lines"] = nil
            fields["decisions"] = decisions
        }
        try JSONSerialization.data(withJSONObject: fields).write(to: models.appendingPathComponent("cel.json"))
        let output = try session.run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)) (group (draw-as 2 image layer 100 1)))
              (say "parts" (map (lambda (part) (car (gimp-item-get-name part)))
                                (vector->list (cadr (gimp-item-get-children group))))))
            """, environment: ["GIMP_ANIME_STYLE_HOME": parts.path])
        XCTAssertEqual(output.values("parts"), ["Color"])
        XCTAssertTrue(output.text.contains("draws its lines into its colors"), output.text)
    }

    /// A semi-transparent photograph keeps its alpha however the drawing is taken in.
    func testAlphaInGroupAndMask() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (gimp-layer-add-alpha layer)
              (gimp-image-select-ellipse image CHANNEL-OP-REPLACE 90 60 60 80)
              (gimp-selection-feather image 20)
              (gimp-edit-clear layer)
              (gimp-selection-none image)
              (for-each (lambda (output)
                  (let ((drawing (draw-as output image layer 100 1)))
                    (say (string-append "count-" (number->string output))
                         (map (lambda (level) (count-above drawing HISTOGRAM-ALPHA level)) '(0.1 0.5 0.9)))
                    (gimp-image-remove-layer image drawing)))
                '(0 1 2)))
            """)
        for mode in [1, 2] {
            XCTAssertSaid(output, "count-\(mode)", output.numbers("count-0"), within: 20)
        }
    }

    func testReplacedLayerIsThePlainDrawing() throws {
        let output = try GimpSession.shared.get().run(
            """
            (define (replaced name prepare)
              (let* ((image (portrait)) (layer (photo-layer image)))
                (prepare image layer)
                (let* ((before (car (gimp-layer-copy layer FALSE))) (mask (car (gimp-layer-get-mask layer)))
                       (plain (draw image layer 70 0)) (merged 0))
                  (gimp-image-clean-all image)
                  (say (string-append name "-returned") (- layer (draw-as 3 image layer 70 0))
                       (car (gimp-image-get-layers image)) (car (gimp-image-is-dirty image))
                    (- mask (car (gimp-layer-get-mask layer))) (car (gimp-layer-get-opacity layer)))
                  (gimp-image-insert-layer image before 0 2)
                  (gimp-layer-set-lock-alpha before FALSE)
                  (gimp-item-set-visible before TRUE)
                  (set! merged (car (gimp-layer-copy before FALSE)))
                  (gimp-image-insert-layer image merged 0 0)
                  (gimp-image-reorder-item image plain 0 0)
                  (set! merged (car (gimp-image-merge-down image plain CLIP-TO-BOTTOM-LAYER)))
                  (say (string-append name "-same") (differing image layer merged 0.009))
                  (say (string-append name "-drawn") (differing image layer before 0.03))
                  (gimp-selection-invert image)
                  (say (string-append name "-outside") (differing image layer before 0.002)))))
            (replaced "plain" (lambda (image layer) (gimp-layer-set-offsets layer 4 -6) (gimp-selection-all image)))
            (replaced "selection" (lambda (image layer)
              (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 40 30 70 80)))
            (replaced "alpha-lock" (lambda (image layer)
              (gimp-layer-add-alpha layer) (gimp-layer-set-lock-alpha layer TRUE)
              (gimp-item-set-lock-position layer TRUE)
              (gimp-item-set-visible layer FALSE)
              (gimp-layer-add-mask layer (car (gimp-layer-create-mask layer ADD-MASK-WHITE)))))
            """)
        for name in ["plain", "selection", "alpha-lock"] {
            XCTAssertSaid(output, "\(name)-returned", [0, 2, 1, 0, 100])
            XCTAssertSaid(output, "\(name)-same", [0])
            XCTAssertGreaterThan(output.numbers("\(name)-drawn").first ?? 0, 500, name)
        }
        XCTAssertSaid(output, "selection-outside", [0])
    }

    /// What is not drawn keeps its very numbers, also where the way to sRGB and back would round them.
    func testReplacingKeepsUndrawnPixelsToTheBit() throws {
        let session = try GimpSession.shared.get()
        let profile = session.folder.appendingPathComponent("replace-p3.icc")
        try IccProfile.displayP3(gamma: 1.8).write(to: profile)
        let output = try session.run(
            """
            (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE test-photo test-photo))) (layer (photo-layer image)))
              (gimp-image-set-color-profile-from-file image "\(profile.absoluteString)")
              (let ((before (car (gimp-layer-copy layer FALSE))))
                (draw-as 3 image layer 100 0)
                (gimp-image-insert-layer image before 0 0)
                (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 0 400 100 112)
                (say "kept" (differing image layer before 0.002))
                (gimp-selection-none image)
                (say "drawn" (differing image layer before 0.03))))
            """)
        XCTAssertSaid(output, "kept", [0])
        XCTAssertGreaterThan(output.numbers("drawn").first ?? 0, 500)
    }
}
