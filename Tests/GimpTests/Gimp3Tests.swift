import XCTest

/// What GIMP 3 alone has: filters over layers, several chosen layers, choices by word, colour spaces in its buffers.
final class Gimp3Tests: XCTestCase {
    override func setUpWithError() throws {
        try XCTSkipUnless(GimpHost.is3, "GIMP 2.10 has no such thing")
    }

    /// A layer with a filter that is not merged is drawn as the user sees it; the layer itself stays as it is.
    func testFiltersThatAreNotMergedAreDrawn() throws {
        let output = try GimpSession.shared.get().run(
            """
            (define (invert layer)
              (gimp-drawable-append-new-filter layer "gegl:invert-gamma" "inverted" LAYER-MODE-REPLACE 1.0))
            (let* ((image (portrait)) (layer (photo-layer image)) (merged (car (gimp-layer-copy layer))))
              (gimp-image-insert-layer image merged 0 0)
              (gimp-drawable-invert merged FALSE)
              (let ((plain (draw image layer 100 1)) (wanted (draw image merged 100 1)))
                (invert layer)
                (let ((filtered (draw image layer 100 1)))
                  (say "as-seen" (differing image filtered wanted 0.01))
                  (say "not-as-stored" (differing image filtered plain 0.1))
                  (say "kept" (vector-length (car (gimp-drawable-get-filters layer)))
                    (vector-length (car (gimp-drawable-get-filters filtered))) (car (gimp-image-list)))))
              (refusal "replace" image (lambda () (draw-as 3 image layer 100 1))))
            (let* ((image (portrait)) (layer (photo-layer image)) (group (car (gimp-layer-group-new image)))
                   (merged (car (gimp-layer-copy layer))))
              (gimp-image-insert-layer image merged 0 0)
              (gimp-drawable-invert merged FALSE)
              (let ((wanted (draw image merged 100 1)))
                (gimp-image-insert-layer image group 0 0)
                (gimp-image-reorder-item image layer group 0)
                (invert group)
                (say "group-as-seen" (differing image (draw image group 100 1) wanted 0.01))))
            """)
        XCTAssertSaid(output, "as-seen", [0])
        XCTAssertGreaterThan(output.numbers("not-as-stored").first ?? 0, 160 * 160 / 2)
        XCTAssertSaid(output, "kept", [1, 0, 1])
        XCTAssertSaid(output, "replace-refused", [1])
        XCTAssertTrue(
            output.section("replace").contains("Filters that are not merged lie over this layer"), output.text)
        XCTAssertSaid(output, "group-as-seen", [0])
    }

    func testSeveralLayersAndUnknownWordsAreRefused() throws {
        let words = [
            ("region", "nowhere", "faces, photo, both"), ("output", "Layer", "layer, mask, group, replace"),
        ]
        let calls = words.map { name, word, _ in
            """
            (refusal "\(name)" image (lambda ()
              (anime-style-3 #:image image #:drawables (vector layer) #:\(name) "\(word)")))
            """
        }
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)) (other (car (gimp-layer-copy layer))))
              (gimp-image-insert-layer image other 0 0)
              (refusal "several" image (lambda ()
                (anime-style-3 #:image image #:drawables (vector layer other) #:style "cel")))
              \(calls.joined(separator: "\n"))
              (refusal "batch" image (lambda ()
                (anime-style-batch-3 #:pattern test-photo #:output-folder "/tmp/nowhere" #:region "nowhere"))))
            """)
        XCTAssertTrue(
            output.section("several").contains("Several layers are selected and the filter draws one at a time"),
            output.text)
        for (name, word, allowed) in words {
            XCTAssertTrue(
                output.section(name).contains("The value \(word) for \(name) is not allowed; use \(allowed)."),
                output.text)
        }
        XCTAssertTrue(output.section("batch").contains("The value nowhere for region is not allowed"), output.text)
        for name in ["several", "region", "output", "batch"] {
            XCTAssertSaid(output, "\(name)-refused", [1])
            XCTAssertSaid(output, "\(name)-after", output.numbers("\(name)-before"))
        }
    }

    /// The same as all usual values written out, in any order.
    func testArgumentsThatAreNotGivenAreTheUsualOnes() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image))
                   (short (car (anime-style-3 #:drawables (vector layer) #:image image)))
                   (long (car (anime-style-3 #:hair-limit 70 #:skin-constancy 80 #:lighting 0 #:output "layer"
                     #:half-precision TRUE #:min-face 0 #:line-strength 100 #:keep-colors 0 #:region "both"
                     #:strength 100 #:style "cel" #:options "" #:image image #:drawables (vector layer)
                     #:run-mode RUN-NONINTERACTIVE)))
                   (weak (car (anime-style-3 #:drawables (vector layer) #:image image #:strength 50))))
              (say "same" (differing image short long 0.002))
              (say "otherwise" (differing image short weak 0.02)))
            """)
        XCTAssertSaid(output, "same", [0])
        XCTAssertGreaterThan(output.numbers("otherwise").first ?? 0, 1000, output.text)
    }

    /// GIMP 3's buffers know the image's colour space: a conversion there and another here would give other colours.
    func testAProfileIsConvertedOnce() throws {
        let session = try GimpSession.shared.get()
        let profile = session.folder.appendingPathComponent("prophoto.icc")
        try IccProfile.proPhoto.write(to: profile)
        let output = try session.run(
            """
            (let* ((image (portrait)))
              (to-precision image 650)
              (let* ((drawing (draw image (photo-layer image) 100 1)) (other (car (gimp-image-duplicate image))))
                (gimp-image-remove-layer other (car (gimp-image-get-active-layer other)))
                (gimp-image-convert-color-profile-from-file other "\(profile.absoluteString)" 1 TRUE)
                (let ((copy (car (gimp-layer-new-from-drawable (draw other (photo-layer other) 100 1) image))))
                  (gimp-image-insert-layer image copy 0 0)
                  (gimp-layer-set-mode copy LAYER-MODE-DIFFERENCE)
                  (gimp-image-insert-layer image (car (gimp-layer-new-from-visible image image "difference")) 0 0)
                  (say "mean" (car (gimp-drawable-histogram (photo-group image) HISTOGRAM-VALUE 0 1))))))
            """)
        // Of 255. Converted twice it is 13 times as much.
        XCTAssertLessThan(output.numbers("mean").first ?? 255, 0.001 * 255)
    }
}
